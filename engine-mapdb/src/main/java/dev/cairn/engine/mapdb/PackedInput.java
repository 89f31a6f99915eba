package dev.cairn.engine.mapdb;

import dev.cairn.spi.StorageException;

/** Reads one record's bytes front to back, in MapDB's encodings; damage is {@code corrupt}. */
final class PackedInput {
  private static final int GROUPS_MAX = 10;

  private final Pages pages;
  private final byte[] bytes;
  private int at;

  PackedInput(Pages pages, byte[] bytes) {
    this.pages = pages;
    this.bytes = bytes;
  }

  /** A number in groups of 7 bits, the highest first; the last one has the top bit set. */
  long number() {
    long number = 0;
    for (int i = 0; i < GROUPS_MAX && at < bytes.length; i++) {
      byte group = bytes[at++];
      number = number << 7 | group & 0x7f;
      if (group < 0) {
        return number;
      }
    }
    throw damaged();
  }

  /** A number that says how many bytes or things follow: no more than there can be. */
  int length() {
    long length = number();
    if (length < 0 || length > bytes.length) {
      throw damaged();
    }
    return (int) length;
  }

  /** Passes so many bytes and returns where they start. */
  int skip(int count) {
    if (count < 0 || count > bytes.length - at) {
      throw damaged();
    }
    at += count;
    return at - count;
  }

  StorageException damaged() {
    return StorageException.of(
        StorageException.Code.CORRUPT, pages.path(), "a record is damaged; restore a snapshot");
  }
}
