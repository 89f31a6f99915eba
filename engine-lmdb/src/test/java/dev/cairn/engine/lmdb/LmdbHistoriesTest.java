package dev.cairn.engine.lmdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.RandomHistories;

class LmdbHistoriesTest extends RandomHistories {
  @Override
  protected Engine engine() {
    return new LmdbEngine();
  }
}
