package dev.cairn.engine.bbolt;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A cursor over pages on the heap: what it hands out can never dangle, and a move within a page
 * enters no lock.
 */
final class StoreCursor implements Cursor {
  private enum Place {
    BEFORE,
    ON,
    BEHIND,
    FAILED
  }

  private final Pin pin;
  private final StoreView view;
  private final Bucket bucket;
  private final TreeCursor tree;
  private Place place = Place.BEFORE;
  private StorageException failure;
  private volatile boolean closed;

  StoreCursor(Pin pin, StoreView view, Bucket bucket, TreeCursor tree) {
    this.pin = pin;
    this.view = view;
    this.bucket = bucket;
    this.tree = tree;
  }

  @Override
  public boolean seek(byte[] key) {
    Objects.requireNonNull(key, "key");
    check();
    return move(key);
  }

  @Override
  public boolean next() {
    check();
    return switch (place) {
      case BEFORE -> move(new byte[0]);
      case ON -> tree.nextInPage() ? arrive(true) : move(null);
      case BEHIND -> false;
      case FAILED -> throw failure.again();
    };
  }

  /** Seeks, or without a key goes on; a move that failed must not look like the end later. */
  private boolean move(byte[] key) {
    pin.enter();
    try {
      return arrive(key == null ? tree.next() : tree.seek(key));
    } catch (StorageException e) {
      place = Place.FAILED;
      failure = e;
      throw e;
    } finally {
      pin.exit();
    }
  }

  private boolean arrive(boolean found) {
    place = found ? Place.ON : Place.BEHIND;
    if (found && tree.leaf().elementFlags(tree.index()) != 0) {
      view.checkPlain(bucket, tree.leaf(), tree.index());
    }
    return found;
  }

  @Override
  public ByteBuffer key() {
    Page leaf = leafHere();
    if (leaf.isWhole()) {
      return leaf.keyBuffer(tree.index());
    }
    pin.enter();
    try {
      return leaf.keyBuffer(tree.index());
    } finally {
      pin.exit();
    }
  }

  @Override
  public ByteBuffer value() {
    Page leaf = leafHere();
    if (leaf.isWhole()) {
      return leaf.valueBuffer(tree.index());
    }
    pin.enter();
    try {
      return leaf.valueBuffer(tree.index());
    } finally {
      pin.exit();
    }
  }

  private Page leafHere() {
    check();
    if (place != Place.ON) {
      throw new IllegalStateException("the cursor is on no entry");
    }
    return tree.leaf();
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
