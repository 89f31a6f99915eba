package dev.cairn.engine.h2;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.Interrupts;

class H2InterruptsTest extends Interrupts {
  @Override
  protected Engine engine() {
    return new H2Engine();
  }
}
