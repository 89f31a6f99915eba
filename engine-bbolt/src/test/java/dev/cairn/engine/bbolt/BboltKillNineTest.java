package dev.cairn.engine.bbolt;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.KillNine;

class BboltKillNineTest extends KillNine {
  @Override
  protected Engine engine() {
    return new BboltEngine();
  }
}
