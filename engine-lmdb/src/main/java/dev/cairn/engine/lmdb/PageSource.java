package dev.cairn.engine.lmdb;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Where the bytes of a file's pages come from. Thread-safe. */
interface PageSource {
  /** Which file, for messages. */
  Path path();

  /**
   * Fills a buffer.
   *
   * @param atBytes where in the file
   * @param into an array's buffer; filled from its position to its limit
   * @throws dev.cairn.spi.StorageException {@code corrupt} when the file ends before
   */
  void read(long atBytes, ByteBuffer into);

  /**
   * Makes a page show the bytes from a place on, which it may do without a copy.
   *
   * @param atBytes where in the file
   * @param number which page it must be
   * @param leaf whether it must be a leaf
   */
  void show(long atBytes, long number, boolean leaf, Page page);

  /** Starts a time in which a page that is shown stays where it is. */
  void enter();

  /** Ends it: pages shown without a copy must not be looked at any more. */
  void exit();
}
