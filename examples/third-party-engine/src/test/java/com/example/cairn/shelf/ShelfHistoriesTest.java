package com.example.cairn.shelf;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.RandomHistories;

class ShelfHistoriesTest extends RandomHistories {
  @Override
  protected Engine engine() {
    return new ShelfEngine();
  }
}
