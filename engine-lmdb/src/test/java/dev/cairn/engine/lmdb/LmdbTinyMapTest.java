package dev.cairn.engine.lmdb;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.testkit.RandomHistories;

/** The same histories on a map that has to grow again and again. */
class LmdbTinyMapTest extends RandomHistories {
  @Override
  protected Engine engine() {
    return new LmdbEngine();
  }

  @Override
  protected BackendConfig config() {
    return BackendConfig.defaults().withOption("lmdb.mapSizeBytes", "65536");
  }
}
