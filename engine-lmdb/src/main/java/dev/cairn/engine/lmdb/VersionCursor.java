package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A cursor over copies of pages: what it hands out can never dangle, and moving within a page
 * enters no lock.
 */
final class VersionCursor implements Cursor {
  private final Pin pin;
  private final TreeCursor tree;
  private byte[] bigValue;
  private volatile boolean closed;

  VersionCursor(Pin pin, TreeCursor tree) {
    this.pin = pin;
    this.tree = tree;
  }

  @Override
  public boolean seek(byte[] key) {
    Objects.requireNonNull(key, "key");
    bigValue = null;
    enter();
    try {
      return tree.seek(key);
    } finally {
      pin.exit();
    }
  }

  @Override
  public boolean next() {
    bigValue = null;
    check();
    if (tree.nextInPage()) {
      return true;
    }
    enter();
    try {
      return tree.next();
    } finally {
      pin.exit();
    }
  }

  @Override
  public ByteBuffer key() {
    checkEntry();
    return tree.leaf().shownKey();
  }

  @Override
  public ByteBuffer value() {
    checkEntry();
    if (!tree.leaf().isBig()) {
      return tree.leaf().shownValue();
    }
    if (bigValue == null) {
      bigValue = readBigValue();
    }
    return ByteBuffer.wrap(bigValue).asReadOnlyBuffer();
  }

  private byte[] readBigValue() {
    enter();
    try {
      return tree.value();
    } finally {
      pin.exit();
    }
  }

  private void enter() {
    check();
    pin.enter();
  }

  private void check() {
    pin.check();
    if (closed) {
      throw StorageException.of(Code.CLOSED, "this cursor is closed");
    }
  }

  private void checkEntry() {
    check();
    if (!tree.isOnEntry()) {
      throw new IllegalStateException("the cursor is on no entry");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
