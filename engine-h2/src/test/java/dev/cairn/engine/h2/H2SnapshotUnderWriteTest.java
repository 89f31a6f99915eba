package dev.cairn.engine.h2;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.SnapshotUnderWrite;

class H2SnapshotUnderWriteTest extends SnapshotUnderWrite {
  @Override
  protected Engine engine() {
    return new H2Engine();
  }
}
