package dev.cairn.testkit;

import dev.cairn.spi.Engine;

class HeapContractTest extends BackendContract {
  @Override
  protected Engine engine() {
    return new HeapEngine();
  }
}
