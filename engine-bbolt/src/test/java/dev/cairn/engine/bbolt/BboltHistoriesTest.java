package dev.cairn.engine.bbolt;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.RandomHistories;

class BboltHistoriesTest extends RandomHistories {
  @Override
  protected Engine engine() {
    return new BboltEngine();
  }
}
