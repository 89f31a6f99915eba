package dev.cairn.engine.lmdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.Interrupts;

class LmdbInterruptsTest extends Interrupts {
  @Override
  protected Engine engine() {
    return new LmdbEngine();
  }
}
