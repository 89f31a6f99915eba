package dev.cairn.benchmarks.engines;

import java.nio.file.Path;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStore.TxCounter;
import org.h2.mvstore.type.ByteArrayDataType;

/** MVStore with the settings that the engine gives it, on MVStore's own file. */
final class RawH2 implements Contender {
  private static final int CACHE_MEBIBYTES = 16;
  private static final int VERSIONS_TO_KEEP = 5;

  private final MVStore store;
  private final MVMap<byte[], byte[]> map;

  RawH2(Path file) {
    store =
        new MVStore.Builder()
            .fileName(file.toString())
            .cacheSize(CACHE_MEBIBYTES)
            .autoCommitDisabled()
            .autoCommitBufferSize(0)
            .open();
    store.setVersionsToKeep(VERSIONS_TO_KEEP);
    // Space is free again by versions, not by the clock.
    store.setRetentionTime(-1);
    map =
        store.openMap(
            "benchmark",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(ByteArrayDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
  }

  @Override
  public void put(byte[][] keys, byte[][] values) {
    for (int i = 0; i < keys.length; i++) {
      map.put(keys[i], values[i]);
    }
    store.commit();
    store.sync();
  }

  @Override
  public View openView() {
    TxCounter usage = store.registerVersionUsage();
    return new VersionView(store, usage, map.openVersion(usage.version));
  }

  /** Without MVStore's compacting, which {@code close} would start. */
  @Override
  public void close() {
    store.close(0);
  }

  private record VersionView(MVStore store, TxCounter usage, MVMap<byte[], byte[]> map)
      implements View {
    /** MVStore hands out the array that it keeps; a caller gets his own. */
    @Override
    public byte[] get(byte[] key) {
      byte[] found = map.get(key);
      return found == null ? null : found.clone();
    }

    @Override
    public long scan() {
      long sum = 0;
      Cursor<byte[], byte[]> cursor = map.cursor(null);
      while (cursor.hasNext()) {
        byte[] key = cursor.next();
        sum = Sum.add(sum, key, cursor.getValue());
      }
      return sum;
    }

    @Override
    public void close() {
      store.deregisterVersionUsage(usage);
    }
  }
}
