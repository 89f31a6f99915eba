package dev.cairn.engine.lmdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.SnapshotUnderWrite;

class LmdbSnapshotUnderWriteTest extends SnapshotUnderWrite {
  @Override
  protected Engine engine() {
    return new LmdbEngine();
  }
}
