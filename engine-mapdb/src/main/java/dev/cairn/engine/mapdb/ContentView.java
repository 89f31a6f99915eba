package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.List;
import java.util.Objects;

/** A view of a pinned version, or of an image. */
final class ContentView implements ReadView {
  private final Pin pin;
  private final Content content;

  /**
   * A view.
   *
   * @param pin holds the pages; this view's to close
   */
  ContentView(Pin pin, Pages pages) {
    this.pin = pin;
    content = new Content(pages);
  }

  @Override
  public List<Bucket> buckets() {
    pin.enter();
    try {
      return List.copyOf(content.buckets());
    } finally {
      pin.exit();
    }
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    pin.enter();
    try {
      return new ContentCursor(pin, tree(bucket).cursor());
    } finally {
      pin.exit();
    }
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    Objects.requireNonNull(key, "key");
    pin.enter();
    try {
      return tree(bucket).get(key);
    } finally {
      pin.exit();
    }
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    pin.enter();
    try {
      return tree(bucket).lastKey();
    } finally {
      pin.exit();
    }
  }

  private Tree tree(Bucket bucket) {
    Tree tree = content.tree(Objects.requireNonNull(bucket, "bucket"));
    if (tree == null) {
      throw StorageException.of(Code.NOT_FOUND, content.pages().path(), "no bucket " + bucket);
    }
    return tree;
  }

  @Override
  public void close() {
    pin.close();
  }
}
