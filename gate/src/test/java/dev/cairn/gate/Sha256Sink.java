package dev.cairn.gate;

import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes what it is given and keeps nothing. */
final class Sha256Sink implements WritableByteChannel {
  private final MessageDigest digest;

  private Sha256Sink() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The SHA-256 of an image, in lower-case hex. */
  static String of(Snapshot image) {
    Sha256Sink sink = new Sha256Sink();
    try {
      image.writeTo(sink);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(sink.digest.digest());
  }

  /** The SHA-256 of bytes, in lower-case hex. */
  static String of(byte[] bytes) {
    Sha256Sink sink = new Sha256Sink();
    sink.write(ByteBuffer.wrap(bytes));
    return HexFormat.of().formatHex(sink.digest.digest());
  }

  @Override
  public int write(ByteBuffer from) {
    int count = from.remaining();
    digest.update(from);
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
