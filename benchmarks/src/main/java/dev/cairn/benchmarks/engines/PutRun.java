package dev.cairn.benchmarks.engines;

import dev.cairn.benchmarks.WorkFolder;

/** Batches of new keys into a store that was empty at first. */
final class PutRun implements AutoCloseable {
  static final int BATCH = 1_000;

  private final WorkFolder folder = new WorkFolder();
  private final Contender store;
  private final String order;
  private final byte[][] values;
  private byte[][] keys;
  private long next;

  PutRun(String contender, int valueBytes, String order) {
    store = Contenders.open(contender, folder.resolve("store"), valueBytes);
    this.order = order;
    values = Data.values(BATCH, valueBytes);
  }

  /** Makes the keys of the next batch. */
  void makeKeys() {
    keys = Data.keys(next, BATCH, order);
    next += BATCH;
  }

  /** Puts them. */
  void put() {
    store.put(keys, values);
  }

  @Override
  public void close() {
    store.close();
    folder.close();
  }
}
