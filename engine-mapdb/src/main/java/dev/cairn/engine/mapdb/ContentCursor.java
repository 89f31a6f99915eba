package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A cursor over copies of nodes, so that moving within a leaf enters no lock. */
final class ContentCursor implements Cursor {
  private final Pin pin;
  private final TreeCursor tree;
  private ByteBuffer value;
  private volatile boolean closed;

  ContentCursor(Pin pin, TreeCursor tree) {
    this.pin = pin;
    this.tree = tree;
  }

  @Override
  public boolean seek(byte[] key) {
    Objects.requireNonNull(key, "key");
    value = null;
    enter();
    try {
      return tree.seek(key);
    } finally {
      pin.exit();
    }
  }

  @Override
  public boolean next() {
    value = null;
    check();
    if (tree.nextInLeaf()) {
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
    return ByteBuffer.wrap(tree.key()).asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer value() {
    checkEntry();
    if (value == null) {
      value = tree.shownValue();
    }
    if (value == null) {
      value = ByteBuffer.wrap(readValue()).asReadOnlyBuffer();
    }
    return value.duplicate();
  }

  private byte[] readValue() {
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
