package dev.cairn.snapshot.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A frame on its way out: a few bytes of head, the blob straight from its buffer, a few bytes more.
 * A transport that knows {@link Drainable} copies the blob once, into its own buffer; nothing else
 * does.
 */
final class FrameStream extends InputStream implements Drainable, KnownLength {
  /** Two tags and two varints, at most 10 and 5 bytes. */
  private static final int HEAD_BYTES_MAX = 1 + 10 + 1 + 5;

  private static final int PIECE_BYTES = 64 << 10;

  private final ByteBuffer head;
  private final ByteBuffer blob;
  private final ByteBuffer tail;
  private Runnable whenTaken;

  FrameStream(SnapshotFrame frame) {
    head = head(frame);
    blob = frame.blob().duplicate();
    tail = tail(frame.version());
    whenTaken = frame.whenTaken();
  }

  private static ByteBuffer head(SnapshotFrame frame) {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES_MAX);
    if (frame.remainingBytes() != 0) {
      head.put((byte) SnapshotFrame.REMAINING_TAG);
      putVarint(head, frame.remainingBytes());
    }
    if (frame.blob().hasRemaining()) {
      head.put((byte) SnapshotFrame.BLOB_TAG);
      putVarint(head, frame.blob().remaining());
    }
    return head.flip();
  }

  private static ByteBuffer tail(String version) {
    byte[] text = version.getBytes(StandardCharsets.UTF_8);
    if (text.length == 0) {
      return ByteBuffer.wrap(text);
    }
    ByteBuffer tail = ByteBuffer.allocate(HEAD_BYTES_MAX + text.length);
    tail.put((byte) SnapshotFrame.VERSION_TAG);
    putVarint(tail, text.length);
    return tail.put(text).flip();
  }

  private static void putVarint(ByteBuffer into, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      into.put((byte) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    into.put((byte) rest);
  }

  @Override
  public int available() {
    return head.remaining() + blob.remaining() + tail.remaining();
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    int count = available();
    drain(head, target);
    drain(blob, target);
    drain(tail, target);
    close();
    return count;
  }

  private static void drain(ByteBuffer from, OutputStream target) throws IOException {
    if (from.hasArray()) {
      target.write(from.array(), from.arrayOffset() + from.position(), from.remaining());
      from.position(from.limit());
      return;
    }
    // A stream takes arrays only; a small one stays in the processor's cache.
    byte[] piece = new byte[Math.min(PIECE_BYTES, from.remaining())];
    while (from.hasRemaining()) {
      int count = Math.min(piece.length, from.remaining());
      from.get(piece, 0, count);
      target.write(piece, 0, count);
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    ByteBuffer rest = blob.hasRemaining() ? blob : tail;
    ByteBuffer from = head.hasRemaining() ? head : rest;
    int count = Math.min(length, from.remaining());
    from.get(into, offset, count);
    if (available() == 0) {
      close();
    }
    return count == 0 ? -1 : count;
  }

  /** Also what a transport calls that drops the message; the blob is not looked at any more. */
  @Override
  public void close() {
    head.position(head.limit());
    blob.position(blob.limit());
    tail.position(tail.limit());
    Runnable taken = whenTaken;
    whenTaken = null;
    if (taken != null) {
      taken.run();
    }
  }
}
