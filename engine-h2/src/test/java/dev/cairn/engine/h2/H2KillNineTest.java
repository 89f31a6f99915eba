package dev.cairn.engine.h2;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.KillNine;

class H2KillNineTest extends KillNine {
  @Override
  protected Engine engine() {
    return new H2Engine();
  }
}
