package dev.cairn.engine.h2;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.RandomHistories;

class H2HistoriesTest extends RandomHistories {
  @Override
  protected Engine engine() {
    return new H2Engine();
  }
}
