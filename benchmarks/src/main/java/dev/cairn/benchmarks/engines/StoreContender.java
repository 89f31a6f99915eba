package dev.cairn.benchmarks.engines;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.nio.file.Path;

/** An engine beneath a store, as an application has it: every update is durable when it returns. */
final class StoreContender implements Contender {
  static final Bucket BUCKET = Bucket.named("benchmark");

  private final Store store;

  StoreContender(String engine, Path file) {
    store = Store.open(file, StoreConfig.engine(engine));
    store.update(tx -> tx.createBucket(BUCKET));
  }

  Store store() {
    return store;
  }

  @Override
  public void put(byte[][] keys, byte[][] values) {
    store.update(
        tx -> {
          for (int i = 0; i < keys.length; i++) {
            tx.put(BUCKET, keys[i], values[i]);
          }
        });
  }

  @Override
  public View openView() {
    return new StoreView(store.openView());
  }

  @Override
  public void close() {
    store.close();
  }

  private record StoreView(ReadView view) implements View {
    @Override
    public byte[] get(byte[] key) {
      return view.get(BUCKET, key);
    }

    @Override
    public long scan() {
      long sum = 0;
      try (Cursor cursor = view.openCursor(BUCKET)) {
        while (cursor.next()) {
          sum = Sum.add(sum, cursor.key(), cursor.value());
        }
      }
      return sum;
    }

    @Override
    public void close() {
      view.close();
    }
  }
}
