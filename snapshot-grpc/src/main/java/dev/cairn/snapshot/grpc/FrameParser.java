package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads frames by hand into buffers that are used again. One per call; parsed and recycled by the
 * one thread that pulls the call.
 */
final class FrameParser implements Marshaller<SnapshotFrame> {
  private static final int FIELD_SHIFT = 3;
  private static final int WIRE_MASK = 7;
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int VARINT_BITS_MAX = 63;

  private final int frameBytesMax;
  private final Deque<ByteBuffer> spare = new ArrayDeque<>();

  FrameParser(int frameBytesMax) {
    this.frameBytesMax = frameBytesMax;
  }

  @Override
  public InputStream stream(SnapshotFrame frame) {
    return new FrameStream(frame);
  }

  @Override
  public SnapshotFrame parse(InputStream in) {
    try {
      return parseFields(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SnapshotFrame parseFields(InputStream in) throws IOException {
    long remaining = 0;
    ByteBuffer blob = null;
    for (int first = in.read(); first >= 0; first = in.read()) {
      long tag = varint(in, first);
      if (tag == SnapshotFrame.REMAINING_TAG) {
        remaining = varint(in, in.read());
      } else if (tag == SnapshotFrame.BLOB_TAG) {
        blob = blob(in, blob);
      } else {
        skip(in, tag);
      }
    }
    ByteBuffer whole = blob == null ? ByteBuffer.allocate(0) : blob;
    return new SnapshotFrame(remaining, whole, () -> spare.push(whole));
  }

  private ByteBuffer blob(InputStream in, ByteBuffer before) throws IOException {
    int count = length(in);
    ByteBuffer blob = buffer(count, before);
    if (in.readNBytes(blob.array(), 0, count) != count) {
      throw malformed("a blob that ends early");
    }
    return blob;
  }

  /** One that is large enough, at position 0 and with the count as its limit. */
  private ByteBuffer buffer(int count, ByteBuffer before) {
    ByteBuffer found = before == null ? spare.poll() : before;
    if (found == null || found.capacity() < count) {
      found = ByteBuffer.allocate(count);
    }
    return found.clear().limit(count);
  }

  private int length(InputStream in) throws IOException {
    long length = varint(in, in.read());
    if (length < 0 || length > frameBytesMax) {
      throw malformed("a field of " + Long.toUnsignedString(length) + " bytes");
    }
    return (int) length;
  }

  private static long varint(InputStream in, int first) throws IOException {
    long value = 0;
    int next = first;
    for (int shift = 0; shift <= VARINT_BITS_MAX; shift += 7) {
      if (next < 0) {
        throw malformed("a number that ends early");
      }
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return value;
      }
      next = in.read();
    }
    throw malformed("a number longer than 10 bytes");
  }

  /** Header, version and what later versions may add are of no use here. */
  private void skip(InputStream in, long tag) throws IOException {
    if (tag >>> FIELD_SHIFT == 0) {
      throw malformed("field number 0");
    }
    switch ((int) tag & WIRE_MASK) {
      case VARINT -> varint(in, in.read());
      case FIXED64 -> skipBytes(in, Long.BYTES);
      case BYTES -> skipBytes(in, length(in));
      case FIXED32 -> skipBytes(in, Integer.BYTES);
      default -> throw malformed("wire type " + (tag & WIRE_MASK));
    }
  }

  private static void skipBytes(InputStream in, int count) throws IOException {
    if (in.readNBytes(count).length != count) {
      throw malformed("a field that ends early");
    }
  }

  private static StorageException malformed(String what) {
    return StorageException.of(
        Code.CORRUPT, "not a message of a snapshot stream: " + what + "; is this an etcd server?");
  }
}
