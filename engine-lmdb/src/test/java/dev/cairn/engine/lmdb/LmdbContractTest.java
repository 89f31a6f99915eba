package dev.cairn.engine.lmdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.BackendContract;

class LmdbContractTest extends BackendContract {
  @Override
  protected Engine engine() {
    return new LmdbEngine();
  }
}
