package dev.cairn.bbolt;

import dev.cairn.spi.ReadView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Images in memory. */
final class Images {
  private Images() {}

  static byte[] of(ReadView view) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (BoltImage image = BoltImage.of(view)) {
      image.writeTo(Channels.newChannel(bytes));
      if (bytes.size() != image.size()) {
        throw new AssertionError(image.size() + " bytes announced, " + bytes.size() + " written");
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
