package dev.cairn.bbolt;

import dev.cairn.spi.Cursor;

/** A cursor that only goes forward, which is all that an image needs. */
abstract class ForwardCursor implements Cursor {
  @Override
  public boolean seek(byte[] key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
