package dev.cairn.testkit;

import dev.cairn.spi.Engine;

class HeapInterruptsTest extends Interrupts {
  @Override
  protected Engine engine() {
    return new HeapEngine();
  }
}
