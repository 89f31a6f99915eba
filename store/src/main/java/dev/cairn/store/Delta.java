package dev.cairn.store;

import dev.cairn.spi.Batch;

/**
 * What an overlay says of one bucket.
 *
 * @param mode KEEP: entries over what is beneath; CLEAR: these entries and nothing of what is
 *     beneath; DROP: the bucket is absent. ENSURE does not occur: whether a bucket exists is known
 *     when it is made
 * @param entries none with DROP
 */
record Delta(Batch.Mode mode, Entries entries) {
  /** How many writes the commit of this counts. */
  int operations() {
    return entries.size() + (mode == Batch.Mode.KEEP ? 0 : 1);
  }

  /** Whether what is beneath does not show through. */
  boolean masks() {
    return mode != Batch.Mode.KEEP;
  }
}
