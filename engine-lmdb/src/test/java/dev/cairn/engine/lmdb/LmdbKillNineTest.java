package dev.cairn.engine.lmdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.KillNine;

class LmdbKillNineTest extends KillNine {
  @Override
  protected Engine engine() {
    return new LmdbEngine();
  }
}
