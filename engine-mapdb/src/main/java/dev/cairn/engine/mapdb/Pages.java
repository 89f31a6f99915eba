package dev.cairn.engine.mapdb;

import dev.cairn.spi.StorageException;
import java.nio.file.Path;

/** The bytes of a MapDB store at one instant, cut into pages. */
interface Pages {
  /** Size of a page in bytes: what is journaled, checked and kept for readers as one. */
  int PAGE_BYTES = 4096;

  /** MapDB's store grows by a mebibyte. */
  int GROWTH_PAGES = 256;

  /** A page that was never written. */
  byte[] ZERO = new byte[PAGE_BYTES];

  /** How many pages there are. */
  long count();

  /**
   * A page.
   *
   * @param page from 0 to below {@link #count()}
   * @return not to be changed
   * @throws StorageException {@code corrupt} for a page that is damaged or not there
   */
  byte[] read(long page);

  /** The file they come from, for messages. */
  Path path();

  /** What is said of content that no store of ours can have. */
  default StorageException corrupt(long offsetBytes, String what) {
    return StorageException.corrupt(path(), offsetBytes, what);
  }
}
