package com.example.cairn.shelf;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.BackendContract;

class ShelfContractTest extends BackendContract {
  @Override
  protected Engine engine() {
    return new ShelfEngine();
  }
}
