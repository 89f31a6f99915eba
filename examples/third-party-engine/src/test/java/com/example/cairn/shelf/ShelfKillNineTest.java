package com.example.cairn.shelf;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.KillNine;

class ShelfKillNineTest extends KillNine {
  @Override
  protected Engine engine() {
    return new ShelfEngine();
  }
}
