package dev.cairn.raft;

import dev.cairn.store.StoreTx;
import dev.cairn.wal.Entry;

/** What the entries of a log do to a store: the state machine. */
@FunctionalInterface
public interface EntryApplier {
  /**
   * Applies an entry. What it throws ends the member's work: every other member has applied the
   * entry, or has failed alike.
   *
   * @param tx valid until this returns; the applied position is set by the caller
   * @param entry of type {@link dev.cairn.wal.EntryType#NORMAL}; without data it is a new leader's
   *     first one
   */
  void apply(StoreTx tx, Entry entry);
}
