package dev.cairn.engine.lmdb;

import dev.cairn.spi.Bucket;
import java.util.BitSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which bucket has which slot in the newest version. A commit changes a copy, which takes this
 * one's place when it succeeds. Used under the commit lock.
 */
final class SlotTable {
  private final NavigableMap<Bucket, Integer> slots;
  private final BitSet taken;

  private SlotTable(NavigableMap<Bucket, Integer> slots, BitSet taken) {
    this.slots = slots;
    this.taken = taken;
  }

  static SlotTable of(Map<Bucket, Integer> slots) {
    BitSet taken = new BitSet();
    slots.values().forEach(taken::set);
    return new SlotTable(new TreeMap<>(slots), taken);
  }

  SlotTable copy() {
    return new SlotTable(new TreeMap<>(slots), (BitSet) taken.clone());
  }

  Set<Bucket> buckets() {
    return slots.keySet();
  }

  boolean contains(Bucket bucket) {
    return slots.containsKey(bucket);
  }

  int size() {
    return slots.size();
  }

  /** The slot of an existing bucket. */
  int slot(Bucket bucket) {
    return slots.get(bucket);
  }

  /** Gives a new bucket the lowest free slot. */
  int take(Bucket bucket) {
    int slot = taken.nextClearBit(0);
    taken.set(slot);
    slots.put(bucket, slot);
    return slot;
  }

  /** Frees the slot of an existing bucket. */
  int release(Bucket bucket) {
    int slot = slots.remove(bucket);
    taken.clear(slot);
    return slot;
  }
}
