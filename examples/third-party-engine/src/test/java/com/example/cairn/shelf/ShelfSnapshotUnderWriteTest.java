package com.example.cairn.shelf;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.SnapshotUnderWrite;

class ShelfSnapshotUnderWriteTest extends SnapshotUnderWrite {
  @Override
  protected Engine engine() {
    return new ShelfEngine();
  }
}
