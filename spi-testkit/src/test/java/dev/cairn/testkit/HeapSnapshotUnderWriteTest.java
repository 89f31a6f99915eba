package dev.cairn.testkit;

import dev.cairn.spi.Engine;

class HeapSnapshotUnderWriteTest extends SnapshotUnderWrite {
  @Override
  protected Engine engine() {
    return new HeapEngine();
  }
}
