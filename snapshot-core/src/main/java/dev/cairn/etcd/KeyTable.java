package dev.cairn.etcd;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Two numbers for each of many user keys, in bounded memory. A key is remembered by 127 bits of its
 * SHA-256, 32 bytes a slot, however long it is; no two keys are known that share them.
 *
 * <p>When the keys are more than the bound lets in, the table goes on with a part of them: the keys
 * whose hash lies in a range that is halved each time the table is full. What lies outside is left
 * to another pass, which {@link #nextRange()} begins. Not thread-safe.
 */
final class KeyTable {
  private static final int SLOT_LONGS = 4;
  private static final int SLOTS_MIN = 1 << 6;
  private static final int SLOTS_MAX = 1 << 26;

  /** Hashes are cut to 62 bits for the range, so that its end is a long, too. */
  private static final long RANGE_END = 1L << 62;

  /** The share of the heap that a table may take. */
  private static final int HEAP_SHARE = 3;

  private final MessageDigest sha256;
  private final byte[] digest = new byte[32];
  private final ByteBuffer hash = ByteBuffer.wrap(digest);
  private final int slotsMax;

  private long[] slots = new long[SLOTS_MIN * SLOT_LONGS];
  private int used;
  private long rangeStart;
  private long rangeEnd = RANGE_END;

  /** The key that is looked at: its hash, and the slot that has it, or -1. */
  private long hashHigh;

  private long hashLow;
  private int slot = -1;

  /** A table of at most so many bytes; never fewer than a few thousand. */
  KeyTable(long bytesMax) {
    long slotBytes = (long) SLOT_LONGS * Long.BYTES;
    long fitting = Math.min(SLOTS_MAX, Math.max(SLOTS_MIN, bytesMax / slotBytes));
    slotsMax = (int) Long.highestOneBit(fitting);
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** A third of the largest heap: the table is then the largest thing in it. */
  static long bytesMaxDefault() {
    return Runtime.getRuntime().maxMemory() / HEAP_SHARE;
  }

  /** Looks at a key, whose buffer is left as it is; false when it belongs to another pass. */
  boolean find(ByteBuffer key) {
    sha256.update(key.duplicate());
    try {
      sha256.digest(digest, 0, digest.length);
    } catch (DigestException e) {
      throw new AssertionError("32 bytes are enough", e);
    }
    hashHigh = hash.getLong(0);
    // 0 is for a slot that nobody has.
    hashLow = hash.getLong(Long.BYTES) | 1;
    if (!inRange(hashHigh)) {
      slot = -1;
      return false;
    }
    int at = home(hashHigh);
    while (isUsed(at) && !(slots[at] == hashHigh && slots[at + 1] == hashLow)) {
      at = next(at);
    }
    slot = isUsed(at) ? at : -1;
    return true;
  }

  /** Whether the key that was found last has numbers. */
  boolean present() {
    return slot >= 0;
  }

  long first() {
    return slots[slot + 2];
  }

  long second() {
    return slots[slot + 3];
  }

  /** Gives the key that was found last its numbers; it is then nobody's until the next find. */
  void put(long first, long second) {
    if (slot < 0) {
      if (used * 4L >= slotCount() * 3L) {
        makeRoom();
      }
      if (!inRange(hashHigh)) {
        return;
      }
      slot = free(hashHigh);
      slots[slot] = hashHigh;
      slots[slot + 1] = hashLow;
      used++;
    }
    slots[slot + 2] = first;
    slots[slot + 3] = second;
  }

  /** Forgets the key that was found last. */
  void remove() {
    int hole = slot;
    slot = -1;
    used--;
    for (int at = next(hole); isUsed(at); at = next(at)) {
      if (distance(home(slots[at]), at) >= distance(hole, at)) {
        System.arraycopy(slots, at, slots, hole, SLOT_LONGS);
        hole = at;
      }
    }
    Arrays.fill(slots, hole, hole + SLOT_LONGS, 0);
  }

  /** How many keys have numbers. */
  int size() {
    return used;
  }

  /** Which share of all keys this pass is about, at most 1. */
  double share() {
    return (rangeEnd - rangeStart) / (double) RANGE_END;
  }

  /** Empties the table and goes on to the keys that no pass was about; false without any. */
  boolean nextRange() {
    Arrays.fill(slots, 0);
    used = 0;
    slot = -1;
    rangeStart = rangeEnd;
    rangeEnd = RANGE_END;
    return rangeStart < RANGE_END;
  }

  private void makeRoom() {
    if (slotCount() < slotsMax) {
      refill(new long[2 * slots.length]);
    }
    while (used * 4L >= slotCount() * 3L) {
      rangeEnd = rangeStart + (rangeEnd - rangeStart) / 2;
      refill(new long[slots.length]);
    }
  }

  private void refill(long[] into) {
    long[] from = slots;
    slots = into;
    used = 0;
    for (int at = 0; at < from.length; at += SLOT_LONGS) {
      if (from[at + 1] != 0 && inRange(from[at])) {
        System.arraycopy(from, at, slots, free(from[at]), SLOT_LONGS);
        used++;
      }
    }
  }

  private int free(long high) {
    int at = home(high);
    while (isUsed(at)) {
      at = next(at);
    }
    return at;
  }

  private boolean inRange(long high) {
    long place = high >>> 2;
    return place >= rangeStart && place < rangeEnd;
  }

  /** By the low bits: the high ones say in which range a key is, and so are much alike. */
  private int home(long high) {
    return ((int) high & (slotCount() - 1)) * SLOT_LONGS;
  }

  private int next(int at) {
    return at + SLOT_LONGS == slots.length ? 0 : at + SLOT_LONGS;
  }

  private int distance(int from, int to) {
    return to >= from ? to - from : to - from + slots.length;
  }

  private boolean isUsed(int at) {
    return slots[at + 1] != 0;
  }

  private int slotCount() {
    return slots.length / SLOT_LONGS;
  }
}
