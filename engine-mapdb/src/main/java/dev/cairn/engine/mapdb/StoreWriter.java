package dev.cairn.engine.mapdb;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mapdb.BTreeMap;
import org.mapdb.CC;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import org.mapdb.StoreDirect;
import org.mapdb.volume.VolumeFactory;

/**
 * MapDB, writing batches to a {@link StoreVolume}. After a failure, or when the volume's changes
 * are discarded and not committed, it is of no more use: MapDB remembers what it did. Used by one
 * thread at a time.
 */
final class StoreWriter {
  /** An empty leaf that is both edges: its packed head, and the count of its values. */
  private static final byte[] EMPTY_LEAF = {(byte) 0x8d, (byte) 0x80};

  private final StoreVolume volume;
  private final StoreDirect store;
  private final Content content;
  private final TreeMap<Bucket, Long> rootHolders;
  private final BTreeMap<byte[], byte[]> catalog;
  private final Map<Bucket, BTreeMap<byte[], byte[]>> maps = new HashMap<>();

  StoreWriter(StoreVolume volume) {
    this.volume = volume;
    content = new Content(volume);
    rootHolders = content.rootHolders();
    store =
        new StoreDirect(
            null,
            VolumeFactory.wrap(volume, true),
            false,
            0,
            false,
            0,
            CC.PAGE_SIZE,
            0,
            false,
            false,
            false,
            true,
            false,
            false);
    catalog = map(Content.CATALOG_ROOT_HOLDER);
  }

  /**
   * Makes an empty store in an empty volume, with a catalog that MapDB's own tools find by name.
   */
  static void createEmpty(StoreVolume volume) {
    DB db = DBMaker.volumeDB(volume, false).make();
    db.treeMap(Content.CATALOG_NAME, Serializer.BYTE_ARRAY_DELTA2, Serializer.BYTE_ARRAY).create();
    db.commit();
    db.close();
  }

  private BTreeMap<byte[], byte[]> map(long rootHolder) {
    return new BTreeMap<>(
        Serializer.BYTE_ARRAY_DELTA2,
        Serializer.BYTE_ARRAY,
        rootHolder,
        store,
        true,
        CC.BTREEMAP_MAX_NODE_SIZE,
        Serializer.BYTE_ARRAY_DELTA2,
        false,
        0,
        true,
        null);
  }

  Set<Bucket> buckets() {
    return rootHolders.keySet();
  }

  long liveBytes() {
    return StoreImage.liveBytes(volume, store.getFreeSize());
  }

  /** Applies a batch to the volume and returns how many bytes are in use then. */
  long apply(Batch batch) {
    for (Batch.Change change : batch.changes()) {
      apply(change);
    }
    store.commit();
    volume.shareZeros();
    return liveBytes();
  }

  private void apply(Batch.Change change) {
    Bucket bucket = change.bucket();
    Batch.Mode mode = change.mode();
    if (mode == Batch.Mode.DROP || mode == Batch.Mode.CLEAR) {
      drop(bucket);
    }
    if (mode == Batch.Mode.ENSURE || mode == Batch.Mode.CLEAR) {
      ensure(bucket);
    }
    if (change.size() == 0) {
      return;
    }
    BTreeMap<byte[], byte[]> map = map(bucket);
    Tree tree = content.tree(rootHolders.get(bucket));
    for (int i = 0; i < change.size(); i++) {
      byte[] value = change.value(i);
      if (value == null) {
        free(map.remove(change.key(i)));
      } else if (value.length <= Values.INLINE_BYTES_MAX) {
        free(map.put(change.key(i), Values.inline(value)));
      } else {
        putLong(map, tree, change.key(i), value);
      }
    }
  }

  /** A value whose predecessor has a record takes that over, and its node stays as it is. */
  private void putLong(BTreeMap<byte[], byte[]> map, Tree tree, byte[] key, byte[] value) {
    long record = Values.ownRecord(tree.stored(key));
    if (record != 0) {
      store.update(record, value, Serializer.BYTE_ARRAY_NOSIZE);
    } else {
      map.put(key, Values.inRecord(store.put(value, Serializer.BYTE_ARRAY_NOSIZE)));
    }
  }

  private void free(byte[] replaced) {
    long record = Values.ownRecord(replaced);
    if (record != 0) {
      store.delete(record, Serializer.BYTE_ARRAY_NOSIZE);
    }
  }

  private BTreeMap<byte[], byte[]> map(Bucket bucket) {
    return maps.computeIfAbsent(bucket, name -> map(rootHolders.get(name)));
  }

  private void ensure(Bucket bucket) {
    if (!rootHolders.containsKey(bucket)) {
      long root = store.put(EMPTY_LEAF, Serializer.BYTE_ARRAY_NOSIZE);
      long holder = store.put(root, Serializer.RECID);
      catalog.put(Content.catalogKey(bucket), Values.inline(Content.catalogValue(holder)));
      rootHolders.put(bucket, holder);
    }
  }

  private void drop(Bucket bucket) {
    Long holder = rootHolders.remove(bucket);
    if (holder != null) {
      maps.remove(bucket);
      content.tree(holder).visit(record -> store.delete(record, Serializer.BYTE_ARRAY_NOSIZE));
      store.delete(holder, Serializer.RECID);
      catalog.remove(Content.catalogKey(bucket));
    }
  }
}
