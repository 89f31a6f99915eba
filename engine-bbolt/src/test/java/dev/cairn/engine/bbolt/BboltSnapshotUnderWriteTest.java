package dev.cairn.engine.bbolt;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.SnapshotUnderWrite;

class BboltSnapshotUnderWriteTest extends SnapshotUnderWrite {
  @Override
  protected Engine engine() {
    return new BboltEngine();
  }
}
