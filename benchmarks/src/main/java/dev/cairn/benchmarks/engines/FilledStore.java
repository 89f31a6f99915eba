package dev.cairn.benchmarks.engines;

import dev.cairn.benchmarks.WorkFolder;
import dev.cairn.store.Store;
import java.nio.file.Path;

/** A store of one engine, full of keys, in a folder of its own. */
final class FilledStore implements AutoCloseable {
  private final WorkFolder folder = new WorkFolder();
  private final StoreContender contender;

  FilledStore(String engine, int keys, int valueBytes) {
    contender = new StoreContender(engine, folder.resolve("store"));
    Data.fill(contender, keys, valueBytes);
  }

  Store store() {
    return contender.store();
  }

  Path resolve(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    contender.close();
    folder.close();
  }
}
