package dev.cairn.engine.mapdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.KillNine;

class MapDbKillNineTest extends KillNine {
  @Override
  protected Engine engine() {
    return new MapDbEngine();
  }
}
