package dev.cairn.snapshot;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads everything that a view sees, every value to its last byte, and checks the order of keys.
 */
final class FullRead {
  private static final int FINDINGS_MAX = 100;

  private final List<String> findings = new ArrayList<>();
  private long buckets;
  private long entries;

  private FullRead() {}

  /** Opens a view, reads it and closes it; a failure is a finding, not an exception. */
  static CheckReport of(Supplier<ReadView> opener) {
    FullRead read = new FullRead();
    try (ReadView view = opener.get()) {
      read.all(view);
    } catch (StorageException e) {
      read.found(e.getMessage());
    }
    return new CheckReport(read.findings, read.buckets, read.entries);
  }

  private void all(ReadView view) {
    for (Bucket bucket : view.buckets()) {
      buckets++;
      try (Cursor cursor = view.openCursor(bucket)) {
        entries(bucket, cursor);
      }
    }
  }

  private void entries(Bucket bucket, Cursor cursor) {
    byte[] touch = new byte[1 << 12];
    ByteBuffer previous = ByteBuffer.allocate(0);
    while (cursor.next()) {
      entries++;
      ByteBuffer key = cursor.key();
      if (previous.hasRemaining() && compareUnsigned(previous, key) >= 0) {
        found("bucket " + bucket + ": entry " + entries + " is out of order");
      }
      previous = copy(key, previous);
      read(cursor.value(), touch);
    }
  }

  private static int compareUnsigned(ByteBuffer a, ByteBuffer b) {
    int at = a.mismatch(b);
    if (at < 0) {
      return 0;
    }
    if (at >= a.remaining() || at >= b.remaining()) {
      return Integer.compare(a.remaining(), b.remaining());
    }
    return Byte.compareUnsigned(a.get(a.position() + at), b.get(b.position() + at));
  }

  private static ByteBuffer copy(ByteBuffer key, ByteBuffer into) {
    ByteBuffer room =
        into.capacity() >= key.remaining()
            ? into.clear()
            : ByteBuffer.allocate(Math.max(64, 2 * key.remaining()));
    return room.put(key).flip();
  }

  private static void read(ByteBuffer value, byte[] touch) {
    while (value.hasRemaining()) {
      value.get(touch, 0, Math.min(touch.length, value.remaining()));
    }
  }

  private void found(String what) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add(what);
    }
  }
}
