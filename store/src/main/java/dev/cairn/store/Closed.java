package dev.cairn.store;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;

/** What a use after close throws. */
final class Closed {
  private Closed() {}

  static StorageException exception(String what) {
    return StorageException.of(Code.CLOSED, what + " is closed");
  }
}
