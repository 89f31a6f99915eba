package dev.cairn.engine.mapdb;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.SnapshotUnderWrite;

class MapDbSnapshotUnderWriteTest extends SnapshotUnderWrite {
  @Override
  protected Engine engine() {
    return new MapDbEngine();
  }
}
