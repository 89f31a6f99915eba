package com.example.cairn.shelf;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.Interrupts;

class ShelfInterruptsTest extends Interrupts {
  @Override
  protected Engine engine() {
    return new ShelfEngine();
  }
}
