package dev.cairn.bbolt;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The top-level buckets of a file. What it holds is on the heap, so closing needs no waiting. */
final class BoltView implements ReadView {
  private final BoltFile file;
  private final Runnable onClose;
  private final Pages pages;
  private final Map<Bucket, BucketHeader> headers;
  private final List<Bucket> buckets;
  private volatile boolean closed;

  BoltView(BoltFile file, Runnable onClose, boolean dropSequences) {
    this.file = file;
    this.onClose = onClose;
    this.pages = file.newPages();
    this.headers = topLevel(dropSequences);
    this.buckets = List.copyOf(headers.keySet());
  }

  private Map<Bucket, BucketHeader> topLevel(boolean dropSequences) {
    Map<Bucket, BucketHeader> found = new LinkedHashMap<>();
    BucketHeader root = BucketHeader.ofPage(pages.meta().rootPage());
    TreeCursor cursor = new TreeCursor(pages, root, new PageBudget(pages.meta()));
    for (boolean on = cursor.first(); on; on = cursor.next()) {
      byte[] name = cursor.leaf().key(cursor.index());
      if (!cursor.leaf().isBucket(cursor.index())) {
        throw unsupported("holds key " + BucketPath.of(name) + " beside its top-level buckets");
      }
      BucketHeader header = cursor.leaf().bucket(cursor.index());
      if (header.sequence() != 0 && !dropSequences) {
        throw unsupported(
            "bucket %s has sequence %s, which would be lost; drop sequences to go on"
                .formatted(BucketPath.of(name), Long.toUnsignedString(header.sequence())));
      }
      found.put(named(name), header);
    }
    return found;
  }

  private Bucket named(byte[] name) {
    if (name.length > Bucket.NAME_BYTES_MAX) {
      throw StorageException.of(
          Code.LIMIT,
          file.path(),
          "bucket %s has a name of %d bytes, over the limit of %d"
              .formatted(BucketPath.of(name), name.length, Bucket.NAME_BYTES_MAX));
    }
    return Bucket.of(name);
  }

  private StorageException unsupported(String what) {
    return StorageException.of(Code.UNSUPPORTED, file.path(), what);
  }

  @Override
  public List<Bucket> buckets() {
    check();
    return buckets;
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    return new BoltCursor(this, bucket, header(bucket));
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    Page leaf = TreeSearch.leafOf(pages, header(bucket), key);
    int index = TreeSearch.firstNotLess(leaf, key);
    if (index == leaf.count() || leaf.compareKey(index, key) != 0) {
      return null;
    }
    checkPlain(bucket, leaf, index);
    return leaf.value(index);
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    Page leaf = TreeSearch.lastLeaf(pages, header(bucket));
    if (leaf.count() == 0) {
      return null;
    }
    checkPlain(bucket, leaf, leaf.count() - 1);
    return leaf.key(leaf.count() - 1);
  }

  private BucketHeader header(Bucket bucket) {
    check();
    BucketHeader header = headers.get(bucket);
    if (header == null) {
      throw StorageException.of(Code.NOT_FOUND, file.path(), "no bucket " + bucket);
    }
    return header;
  }

  Pages pages() {
    return pages;
  }

  /** Fails when an element is a bucket within a bucket. */
  void checkPlain(Bucket bucket, Page leaf, int index) {
    if (leaf.isBucket(index)) {
      String path = BucketPath.of(BucketPath.of(bucket.name()), leaf.key(index));
      throw unsupported("holds bucket " + path + " within a bucket; only bbolt itself keeps that");
    }
  }

  void check() {
    if (closed) {
      throw StorageException.of(Code.CLOSED, file.path(), "this view is closed");
    }
    file.checkOpen();
  }

  @Override
  public void close() {
    closed = true;
    onClose.run();
  }
}
