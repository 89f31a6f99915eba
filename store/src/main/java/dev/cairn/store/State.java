package dev.cairn.store;

import dev.cairn.spi.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * All that a store is at one moment: a version of a backend, the writes that a commit is carrying
 * there, and those that wait for the next one. Immutable, replaced as a whole.
 *
 * <p>{@code sealed} lies over a backend that may hold it already: batches are absolute, so both
 * read the same. That is why a commit is first in the backend and then dropped here; the opposite
 * order would show readers a hole.
 *
 * @param generation the backend
 * @param version counts its commits, so that two states can be told apart
 * @param sealed what is being committed, or null
 * @param active what is pending
 * @param buckets those that exist, pending ones included; not to be changed
 * @param applied the applied position, a pending one included
 * @param updates how many updates have joined
 */
record State(
    Generation generation,
    long version,
    Sealed sealed,
    Overlay active,
    SortedSet<Bucket> buckets,
    Applied applied,
    long updates) {

  /** Whether a backend view opened between the two states fits both. */
  boolean sharesBase(State other) {
    return generation == other.generation && version == other.version && sealed == other.sealed;
  }

  /** The pending writes, newest first. */
  List<Layer> layers() {
    List<Layer> layers = new ArrayList<>(2);
    if (!active.isEmpty()) {
      layers.add(active);
    }
    if (sealed != null) {
      layers.add(sealed.overlay());
    }
    return layers;
  }

  State joined(StagedTx tx, Overlay staged, long count) {
    return new State(
        generation,
        version,
        sealed,
        active.then(staged),
        tx.existing(),
        tx.applied(),
        updates + count);
  }

  State sealed(Sealed what) {
    return new State(generation, version, what, Overlay.EMPTY, buckets, applied, updates);
  }

  State committed() {
    return new State(generation, version + 1, null, active, buckets, applied, updates);
  }

  /** Nothing is pending, on another backend that was just opened. */
  State on(State opened) {
    return new State(
        opened.generation, 0, null, Overlay.EMPTY, opened.buckets, opened.applied, updates);
  }
}
