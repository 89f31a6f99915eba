package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A view of one version: of a live store, of a read-only one, or of an image. */
final class VersionView implements ReadView {
  private final Pin pin;
  private final Version version;
  private final Map<Bucket, TreeCursor> trees = new HashMap<>();

  /**
   * @param pin holds the version; this view's to close
   */
  VersionView(Pin pin, Version version) {
    this.pin = pin;
    this.version = version;
  }

  @Override
  public List<Bucket> buckets() {
    pin.enter();
    try {
      return new CatalogReader(version).buckets();
    } finally {
      pin.exit();
    }
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    pin.enter();
    try {
      return new VersionCursor(pin, new TreeCursor(version, tree(bucket).head()));
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
      TreeCursor tree = tree(bucket);
      return tree.last() ? tree.leaf().key() : null;
    } finally {
      pin.exit();
    }
  }

  /** A cursor for the view's own use; the pages it passed last are kept with it. */
  private TreeCursor tree(Bucket bucket) {
    TreeCursor tree = trees.get(bucket);
    if (tree == null) {
      TreeHead head = new CatalogReader(version).tree(bucket);
      if (head == null) {
        throw StorageException.of(Code.NOT_FOUND, version.source().path(), "no bucket " + bucket);
      }
      tree = new TreeCursor(version, head);
      trees.put(bucket, tree);
    }
    return tree;
  }

  @Override
  public void close() {
    pin.close();
  }
}
