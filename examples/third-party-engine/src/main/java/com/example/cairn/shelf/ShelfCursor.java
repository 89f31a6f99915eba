package com.example.cairn.shelf;

import com.example.cairn.shelf.Section.Entry;
import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** A walk over one bucket of one version. */
final class ShelfCursor implements Cursor {
  private final Pin pin;
  private final Walk walk;
  private volatile boolean closed;

  ShelfCursor(Pin pin, Walk walk) {
    this.pin = pin;
    this.walk = walk;
  }

  @Override
  public boolean seek(byte[] key) {
    Objects.requireNonNull(key, "key");
    return inside(() -> walk.seek(key));
  }

  @Override
  public boolean next() {
    return inside(walk::next);
  }

  private boolean inside(BooleanSupplier move) {
    pin.enter();
    try {
      checkOpen();
      return move.getAsBoolean();
    } finally {
      pin.exit();
    }
  }

  @Override
  public ByteBuffer key() {
    return ByteBuffer.wrap(entry().key()).asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer value() {
    return ByteBuffer.wrap(entry().value()).asReadOnlyBuffer();
  }

  /** It is in memory, so a look at the pin is enough. */
  private Entry entry() {
    pin.check();
    checkOpen();
    Entry entry = walk.entry();
    if (entry == null) {
      throw new IllegalStateException("the cursor is on no entry");
    }
    return entry;
  }

  private void checkOpen() {
    if (closed) {
      throw StorageException.of(Code.CLOSED, "this cursor is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
