package dev.cairn.engine.mapdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.Interrupts;

class MapDbInterruptsTest extends Interrupts {
  @Override
  protected Engine engine() {
    return new MapDbEngine();
  }
}
