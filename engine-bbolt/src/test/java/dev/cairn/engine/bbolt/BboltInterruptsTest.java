package dev.cairn.engine.bbolt;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.Interrupts;

class BboltInterruptsTest extends Interrupts {
  @Override
  protected Engine engine() {
    return new BboltEngine();
  }
}
