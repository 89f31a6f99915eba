package dev.cairn.store;

/** A change of a store, made of any number of reads and writes: all of it happens or none. */
@FunctionalInterface
public interface Update {
  /**
   * Makes the change. What it throws is thrown to the caller of the store, and nothing of it is
   * kept.
   *
   * @param tx valid until this returns, on this thread only
   */
  void apply(StoreTx tx);
}
