package dev.cairn.testkit;

import dev.cairn.spi.Engine;

class HeapKillNineTest extends KillNine {
  @Override
  protected Engine engine() {
    return new HeapEngine();
  }
}
