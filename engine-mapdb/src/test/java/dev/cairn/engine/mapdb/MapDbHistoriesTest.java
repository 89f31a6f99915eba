package dev.cairn.engine.mapdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.RandomHistories;

class MapDbHistoriesTest extends RandomHistories {
  @Override
  protected Engine engine() {
    return new MapDbEngine();
  }
}
