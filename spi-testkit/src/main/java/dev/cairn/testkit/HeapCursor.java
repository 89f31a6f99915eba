package dev.cairn.testkit;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A walk over one bucket of one version. */
final class HeapCursor implements Cursor {
  private final Pin pin;
  private final SortedBytes.Walk walk;
  private volatile boolean closed;

  HeapCursor(Pin pin, SortedBytes.Walk walk) {
    this.pin = pin;
    this.walk = walk;
  }

  @Override
  public boolean seek(byte[] key) {
    check();
    return walk.seek(Objects.requireNonNull(key, "key"));
  }

  @Override
  public boolean next() {
    check();
    return walk.next();
  }

  @Override
  public ByteBuffer key() {
    checkOnEntry();
    return ByteBuffer.wrap(walk.key()).asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer value() {
    checkOnEntry();
    return ByteBuffer.wrap(walk.value()).asReadOnlyBuffer();
  }

  private void checkOnEntry() {
    check();
    if (!walk.onEntry()) {
      throw new IllegalStateException("the cursor is on no entry");
    }
  }

  private void check() {
    pin.check();
    if (closed) {
      throw StorageException.of(Code.CLOSED, "this cursor is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
