package dev.cairn.testkit;

import dev.cairn.spi.Engine;

class HeapHistoriesTest extends RandomHistories {
  @Override
  protected Engine engine() {
    return new HeapEngine();
  }
}
