package dev.cairn.engine.mapdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.BackendContract;

class MapDbContractTest extends BackendContract {
  @Override
  protected Engine engine() {
    return new MapDbEngine();
  }
}
