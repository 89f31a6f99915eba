package dev.cairn.engine.h2;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.BackendContract;

class H2ContractTest extends BackendContract {
  @Override
  protected Engine engine() {
    return new H2Engine();
  }
}
