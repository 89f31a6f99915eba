package dev.cairn.engine.bbolt;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/** A view of one version: of a store or of an image. */
final class StoreView implements ReadView {
  private final Pin pin;
  private final PageStore pages;
  private final SortedMap<Bucket, BucketRoot> buckets;

  /**
   * @param pin holds the version; this view's to close
   */
  StoreView(Pin pin, PageStore pages, SortedMap<Bucket, BucketRoot> buckets) {
    this.pin = pin;
    this.pages = pages;
    this.buckets = buckets;
  }

  @Override
  public List<Bucket> buckets() {
    pin.check();
    return List.copyOf(buckets.keySet());
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    pin.enter();
    try {
      return new StoreCursor(pin, this, bucket, new TreeCursor(pages, root(bucket)));
    } finally {
      pin.exit();
    }
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    Objects.requireNonNull(key, "key");
    pin.enter();
    try {
      Page page = root(bucket);
      for (int depth = 1; !page.isLeaf(); depth++) {
        page = pages.child(page, page.childIndex(key), depth);
      }
      int index = page.firstNotLess(key, 0);
      if (!page.isAt(index, key)) {
        return null;
      }
      checkPlain(bucket, page, index);
      return page.value(index);
    } finally {
      pin.exit();
    }
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    pin.enter();
    try {
      Page page = root(bucket);
      for (int depth = 1; !page.isLeaf(); depth++) {
        page = pages.child(page, page.count() - 1, depth);
      }
      if (page.count() == 0) {
        return null;
      }
      checkPlain(bucket, page, page.count() - 1);
      return page.key(page.count() - 1);
    } finally {
      pin.exit();
    }
  }

  private Page root(Bucket bucket) {
    BucketRoot root = buckets.get(bucket);
    if (root == null) {
      throw StorageException.of(Code.NOT_FOUND, pages.path(), "no bucket " + bucket);
    }
    return root.root(pages);
  }

  /** Fails when an element is a bucket within a bucket, which an image may hold. */
  void checkPlain(Bucket bucket, Page leaf, int index) {
    if (leaf.elementFlags(index) != 0) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          pages.path(),
          "holds bucket %s within a bucket; only bbolt keeps that"
              .formatted(Names.path(bucket.name(), leaf.key(index))));
    }
  }

  @Override
  public void close() {
    pin.close();
  }
}
