package dev.cairn.engine.h2;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** A cursor over decoded pages in the heap; moving within a page enters no lock. */
final class H2Cursor implements Cursor {
  private final Pin pin;
  private final Path path;
  private final TreeCursor tree;
  private volatile boolean closed;

  H2Cursor(Pin pin, Path path, TreeCursor tree) {
    this.pin = pin;
    this.path = path;
    this.tree = tree;
  }

  @Override
  public boolean seek(byte[] key) {
    Objects.requireNonNull(key, "key");
    return inside(() -> tree.seek(key));
  }

  @Override
  public boolean next() {
    check();
    return tree.nextInPage() || inside(tree::next);
  }

  private boolean inside(BooleanSupplier move) {
    check();
    pin.enter();
    try {
      return H2Errors.reading(path, move::getAsBoolean);
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
    return ByteBuffer.wrap(tree.value()).asReadOnlyBuffer();
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
