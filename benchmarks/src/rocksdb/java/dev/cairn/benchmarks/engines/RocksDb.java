package dev.cairn.benchmarks.engines;

import java.nio.file.Path;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB with its defaults, but for compression, which nobody else does; its log is synced. */
final class RocksDb implements Contender {
  private final Options options;
  private final WriteOptions synced;
  private final RocksDB database;

  RocksDb(Path folder) {
    RocksDB.loadLibrary();
    synced = new WriteOptions().setSync(true);
    options =
        new Options().setCreateIfMissing(true).setCompressionType(CompressionType.NO_COMPRESSION);
    try {
      database = RocksDB.open(options, folder.toString());
    } catch (RocksDBException e) {
      throw failure(e);
    }
  }

  private static IllegalStateException failure(RocksDBException e) {
    return new IllegalStateException("RocksDB failed: " + e.getMessage(), e);
  }

  @Override
  public void put(byte[][] keys, byte[][] values) {
    try (WriteBatch batch = new WriteBatch()) {
      for (int i = 0; i < keys.length; i++) {
        batch.put(keys[i], values[i]);
      }
      database.write(synced, batch);
    } catch (RocksDBException e) {
      throw failure(e);
    }
  }

  @Override
  public View openView() {
    return new SnapshotView(database);
  }

  @Override
  public void close() {
    database.close();
    synced.close();
    options.close();
  }

  private static final class SnapshotView implements View {
    private final RocksDB database;
    private final Snapshot snapshot;
    private final ReadOptions pinned;

    SnapshotView(RocksDB database) {
      this.database = database;
      snapshot = database.getSnapshot();
      pinned = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public byte[] get(byte[] key) {
      try {
        return database.get(pinned, key);
      } catch (RocksDBException e) {
        throw failure(e);
      }
    }

    @Override
    public long scan() {
      long sum = 0;
      try (RocksIterator entries = database.newIterator(pinned)) {
        for (entries.seekToFirst(); entries.isValid(); entries.next()) {
          sum = Sum.add(sum, entries.key(), entries.value());
        }
      }
      return sum;
    }

    @Override
    public void close() {
      pinned.close();
      database.releaseSnapshot(snapshot);
      snapshot.close();
    }
  }
}
