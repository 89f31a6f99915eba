package dev.cairn.bbolt;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** A cursor over a top-level bucket. */
final class BoltCursor implements Cursor {
  private enum Place {
    BEFORE,
    ON,
    BEHIND,
    FAILED
  }

  private final BoltView view;
  private final Bucket bucket;
  private final PageBudget budget;
  private final TreeCursor tree;
  private Place place = Place.BEFORE;
  private StorageException failure;
  private volatile boolean closed;

  BoltCursor(BoltView view, Bucket bucket, BucketHeader header) {
    this.view = view;
    this.bucket = bucket;
    this.budget = new PageBudget(view.pages().meta());
    this.tree = new TreeCursor(view.pages(), header, budget);
  }

  @Override
  public boolean seek(byte[] key) {
    check();
    budget.refill();
    return move(() -> tree.seek(key));
  }

  @Override
  public boolean next() {
    check();
    return switch (place) {
      case BEFORE -> move(tree::first);
      case ON -> move(tree::next);
      case BEHIND -> false;
      case FAILED -> throw failure;
    };
  }

  /** A move that failed must not look like the end at the next call. */
  private boolean move(BooleanSupplier step) {
    try {
      return arrive(step.getAsBoolean());
    } catch (StorageException e) {
      place = Place.FAILED;
      failure = e;
      throw e;
    }
  }

  private boolean arrive(boolean found) {
    if (found) {
      view.checkPlain(bucket, tree.leaf(), tree.index());
    }
    place = found ? Place.ON : Place.BEHIND;
    return found;
  }

  @Override
  public ByteBuffer key() {
    checkOnEntry();
    return tree.leaf().keyBuffer(tree.index());
  }

  @Override
  public ByteBuffer value() {
    checkOnEntry();
    return tree.leaf().valueBuffer(tree.index());
  }

  private void checkOnEntry() {
    check();
    if (place != Place.ON) {
      throw new IllegalStateException("the cursor is on no entry");
    }
  }

  private void check() {
    if (closed) {
      throw StorageException.of(Code.CLOSED, "this cursor is closed");
    }
    view.check();
  }

  @Override
  public void close() {
    closed = true;
  }
}
