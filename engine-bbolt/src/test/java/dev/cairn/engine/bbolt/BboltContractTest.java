package dev.cairn.engine.bbolt;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.BackendContract;

class BboltContractTest extends BackendContract {
  @Override
  protected Engine engine() {
    return new BboltEngine();
  }
}
