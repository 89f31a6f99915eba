package dev.cairn.engine.h2;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.Page;

/**
 * MVStore on a file, with a map for each bucket, named {@code b} and the bucket's name in
 * hexadecimal. Changed by one thread at a time.
 */
final class Maps {
  private static final String PREFIX = "b";

  /** A view costs nothing to take, so this is only what MVStore keeps beside those. */
  static final int VERSIONS_TO_KEEP = 5;

  private final DiskFile file;
  private final DiskStore disk;
  private final MVStore store;
  private final Map<Bucket, MVMap<byte[], byte[]>> byBucket = new TreeMap<>();

  private Maps(DiskFile file, DiskStore disk) {
    this.file = file;
    this.disk = disk;
    store =
        new MVStore.Builder().fileStore(disk).autoCommitDisabled().autoCommitBufferSize(0).open();
    store.setVersionsToKeep(VERSIONS_TO_KEEP);
  }

  /**
   * Opens the newest commit point that is whole. What MVStore itself reads of it is looked at first
   * without a cache, so that every step is a read, and the reads are bounded: pages that form a
   * ring would never end it.
   *
   * @param sizeBytes how much of the file counts
   * @throws StorageException {@code corrupt}, {@code unsupported}
   */
  static Maps open(DiskFile file, long sizeBytes, boolean readOnly, int cacheMebibytes) {
    CommitPoint point = newest(file, sizeBytes);
    return open(file, new DiskStore(file, point, sizeBytes, readOnly, cacheMebibytes));
  }

  private static CommitPoint newest(DiskFile file, long sizeBytes) {
    StorageException torn = null;
    for (CommitPoint point : CommitPoint.candidates(file, sizeBytes)) {
      try {
        open(file, new DiskStore(file, point, sizeBytes, true, 0)).close();
        return point;
      } catch (StorageException e) {
        if (e.code() != Code.CORRUPT) {
          throw e;
        }
        torn = e;
      }
    }
    throw torn;
  }

  private static Maps open(DiskFile file, DiskStore disk) {
    return H2Errors.reading(
        file.path(),
        () -> {
          Maps maps = new Maps(file, disk);
          try {
            maps.openMaps();
            disk.opened();
            return maps;
          } catch (RuntimeException | Error e) {
            maps.close();
            throw e;
          }
        });
  }

  /** Starts a store in an empty file; it is none before a commit point. */
  static Maps create(DiskFile file) {
    Maps maps = new Maps(file, new DiskStore(file, null, 0, false, 1));
    maps.disk.opened();
    return maps;
  }

  private void openMaps() {
    for (String name : store.getMapNames()) {
      if (!name.startsWith(PREFIX)) {
        throw StorageException.of(
            Code.CORRUPT, file.path(), "has a map that is no bucket of Cairn's");
      }
      byte[] bucket = HexFormat.of().parseHex(name.substring(PREFIX.length()));
      byBucket.put(Bucket.of(bucket), map(name));
    }
  }

  private static String name(Bucket bucket) {
    return PREFIX + HexFormat.of().formatHex(bucket.name());
  }

  private MVMap<byte[], byte[]> map(String name) {
    return store.openMap(
        name,
        new MVMap.Builder<byte[], byte[]>()
            .keyType(ByteArrayType.INSTANCE)
            .valueType(ByteArrayType.INSTANCE));
  }

  DiskStore disk() {
    return disk;
  }

  MVStore store() {
    return store;
  }

  /** The map of a bucket, or null. */
  MVMap<byte[], byte[]> get(Bucket bucket) {
    return byBucket.get(bucket);
  }

  MVMap<byte[], byte[]> ensure(Bucket bucket) {
    return byBucket.computeIfAbsent(bucket, absent -> map(name(absent)));
  }

  void drop(Bucket bucket) {
    MVMap<byte[], byte[]> map = byBucket.remove(bucket);
    if (map != null) {
      store.removeMap(map);
    }
  }

  /** The trees of the version that was committed last. Pages are never changed in place. */
  Map<Bucket, Page<byte[], byte[]>> roots() {
    Map<Bucket, Page<byte[], byte[]>> roots = new TreeMap<>();
    byBucket.forEach((bucket, map) -> roots.put(bucket, map.getRootPage()));
    return roots;
  }

  /** Lets MVStore go without a write; the file is the caller's. */
  void close() {
    store.closeImmediately();
  }
}
