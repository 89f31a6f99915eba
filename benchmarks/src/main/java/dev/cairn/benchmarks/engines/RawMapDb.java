package dev.cairn.benchmarks.engines;

import dev.cairn.engine.mapdb.JournaledMapDb;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/**
 * MapDB's tree, on the engine's volume or on MapDB's own files. Short values stand in the nodes,
 * longer ones outside, as in the engine. There are no views: what is read is the newest state.
 */
final class RawMapDb implements Contender {
  private static final int INLINE_BYTES_MAX = 256;

  private final ConcurrentMap<byte[], byte[]> map;
  private final Runnable commit;
  private final Runnable close;

  private RawMapDb(ConcurrentMap<byte[], byte[]> map, Runnable commit, Runnable close) {
    this.map = map;
    this.commit = commit;
    this.close = close;
  }

  /** On the journaled volume. */
  static RawMapDb journaled(Path file, int valueBytes) {
    JournaledMapDb opened = JournaledMapDb.open(file, valueBytes <= INLINE_BYTES_MAX);
    return new RawMapDb(opened.map(), opened::commit, opened::close);
  }

  /** MapDB's own transactions; a power cut may leave half of one. */
  static RawMapDb stock(Path file, int valueBytes) {
    DB db = DBMaker.fileDB(file.toFile()).fileChannelEnable().transactionEnable().make();
    DB.TreeMapMaker<byte[], byte[]> maker =
        db.treeMap("benchmark", Serializer.BYTE_ARRAY_DELTA2, Serializer.BYTE_ARRAY);
    if (valueBytes > INLINE_BYTES_MAX) {
      maker.valuesOutsideNodesEnable();
    }
    return new RawMapDb(maker.createOrOpen(), db::commit, db::close);
  }

  @Override
  public void put(byte[][] keys, byte[][] values) {
    for (int i = 0; i < keys.length; i++) {
      map.put(keys[i], values[i]);
    }
    commit.run();
  }

  @Override
  public View openView() {
    return new Newest(map);
  }

  @Override
  public void close() {
    close.run();
  }

  private record Newest(ConcurrentMap<byte[], byte[]> map) implements View {
    /** MapDB reads a fresh array each time. */
    @Override
    public byte[] get(byte[] key) {
      return map.get(key);
    }

    @Override
    public long scan() {
      long sum = 0;
      for (Map.Entry<byte[], byte[]> entry : map.entrySet()) {
        sum = Sum.add(sum, entry.getKey(), entry.getValue());
      }
      return sum;
    }

    @Override
    public void close() {}
  }
}
