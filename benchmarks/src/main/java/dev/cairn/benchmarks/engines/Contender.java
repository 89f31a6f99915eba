package dev.cairn.benchmarks.engines;

/**
 * One way to keep sorted keys of 16 bytes on disk. Used by one thread. Keys and values belong to
 * the contender from the moment they are given to it; nobody changes them afterwards.
 */
interface Contender extends AutoCloseable {
  /** Puts keys, in this order, all or none; on stable storage when this returns. */
  void put(byte[][] keys, byte[][] values);

  /** The present state, to be closed before the contender is; stable where there are views. */
  View openView();

  @Override
  void close();

  /** Reads of one state. */
  interface View extends AutoCloseable {
    /** The value at a key as an array of the caller's own, or null. */
    byte[] get(byte[] key);

    /** Touches every entry in the order of the keys, and returns the {@link Sum} of them. */
    long scan();

    @Override
    void close();
  }
}
