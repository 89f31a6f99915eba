package dev.cairn.store;

import java.util.Arrays;

/**
 * Sorted keys, each with a value or a tombstone, in chunks that are shared until written to. An
 * edited copy costs one array of chunk references, and a write to it at most one copied chunk.
 *
 * <p>Frozen entries are immutable and thread-safe; those from {@link #edit()} and {@link #empty()}
 * belong to one thread until they are frozen.
 */
final class Entries {
  /** Stands for the value of a deleted key; told by identity. */
  static final byte[] TOMBSTONE = new byte[0];

  /** Nothing, frozen. */
  static final Entries NONE = new Entries(new Chunk[0], 0, null);

  private static final int CHUNK_KEYS_MAX = 128;
  private static final int FIRST_CAPACITY = 8;

  /** Up to {@value #CHUNK_KEYS_MAX} neighbours; written to only by the entries that own it. */
  private static final class Chunk {
    private final Object owner;
    private byte[][] keys;
    private byte[][] values;
    private int size;

    Chunk(Object owner, byte[][] keys, byte[][] values, int size) {
      this.owner = owner;
      this.keys = keys;
      this.values = values;
      this.size = size;
    }

    /** The place of a key, or {@code -(place to insert) - 1}. */
    int find(byte[] key) {
      return Arrays.binarySearch(keys, 0, size, key, Arrays::compareUnsigned);
    }

    void insert(int at, byte[] key, byte[] value) {
      if (size == keys.length) {
        int capacity = Math.min(CHUNK_KEYS_MAX, size * 2);
        keys = Arrays.copyOf(keys, capacity);
        values = Arrays.copyOf(values, capacity);
      }
      System.arraycopy(keys, at, keys, at + 1, size - at);
      System.arraycopy(values, at, values, at + 1, size - at);
      keys[at] = key;
      values[at] = value;
      size++;
    }

    Chunk cutFrom(int at) {
      byte[][] tailKeys = Arrays.copyOf(Arrays.copyOfRange(keys, at, size), CHUNK_KEYS_MAX);
      byte[][] tailValues = Arrays.copyOf(Arrays.copyOfRange(values, at, size), CHUNK_KEYS_MAX);
      Chunk tail = new Chunk(owner, tailKeys, tailValues, size - at);
      size = at;
      return tail;
    }
  }

  private Chunk[] chunks;
  private int chunkCount;
  private Object owner;
  private int size;
  private long sizeBytes;

  private Entries(Chunk[] chunks, int chunkCount, Object owner) {
    this.chunks = chunks;
    this.chunkCount = chunkCount;
    this.owner = owner;
  }

  /** Nothing yet, to be written to. */
  static Entries empty() {
    return NONE.edit();
  }

  /** The same, to be written to; these entries stay as they are. */
  Entries edit() {
    return copy(new Object());
  }

  /** The same, frozen; these entries may still be written to if they could be. */
  Entries frozen() {
    if (owner == null) {
      return this;
    }
    Entries frozen = copy(null);
    // The chunks are shared from now on: whoever writes next copies them first.
    owner = new Object();
    return frozen;
  }

  private Entries copy(Object newOwner) {
    Entries same = new Entries(Arrays.copyOf(chunks, chunkCount), chunkCount, newOwner);
    same.size = size;
    same.sizeBytes = sizeBytes;
    return same;
  }

  /** How many keys, tombstones included. */
  int size() {
    return size;
  }

  /** The bytes of all keys and values. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** The value at a key, {@link #TOMBSTONE}, or null where these entries say nothing of it. */
  byte[] find(byte[] key) {
    if (size == 0) {
      return null;
    }
    Chunk chunk = chunks[chunkFor(key)];
    int at = chunk.find(key);
    return at < 0 ? null : chunk.values[at];
  }

  /** The greatest key, a deleted one included, or null when there is none. */
  byte[] lastKey() {
    if (size == 0) {
      return null;
    }
    Chunk last = chunks[chunkCount - 1];
    return last.keys[last.size - 1];
  }

  /** Writes a value or {@link #TOMBSTONE} at a key. */
  void put(byte[] key, byte[] value) {
    if (size == 0 || Arrays.compareUnsigned(lastKey(), key) < 0) {
      append(key, value);
      return;
    }
    int index = chunkFor(key);
    Chunk chunk = owned(index);
    int at = chunk.find(key);
    if (at >= 0) {
      sizeBytes += value.length - chunk.values[at].length;
      chunk.values[at] = value;
    } else {
      insert(index, -at - 1, key, value);
    }
  }

  /** Keys that come in rising order leave full chunks behind. */
  private void append(byte[] key, byte[] value) {
    if (size == 0 || chunks[chunkCount - 1].size == CHUNK_KEYS_MAX) {
      byte[][] keys = new byte[FIRST_CAPACITY][];
      insertChunk(chunkCount, new Chunk(owner, keys, keys.clone(), 0));
    }
    Chunk last = owned(chunkCount - 1);
    last.insert(last.size, key, value);
    count(key, value);
  }

  private void insert(int index, int at, byte[] key, byte[] value) {
    Chunk chunk = chunks[index];
    if (chunk.size < CHUNK_KEYS_MAX) {
      chunk.insert(at, key, value);
    } else {
      Chunk tail = chunk.cutFrom(CHUNK_KEYS_MAX / 2);
      insertChunk(index + 1, tail);
      if (at <= chunk.size) {
        chunk.insert(at, key, value);
      } else {
        tail.insert(at - chunk.size, key, value);
      }
    }
    count(key, value);
  }

  private void count(byte[] key, byte[] value) {
    size++;
    sizeBytes += key.length + (long) value.length;
  }

  private void insertChunk(int index, Chunk chunk) {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, Math.max(FIRST_CAPACITY, chunkCount * 2));
    }
    System.arraycopy(chunks, index, chunks, index + 1, chunkCount - index);
    chunks[index] = chunk;
    chunkCount++;
  }

  private Chunk owned(int index) {
    Chunk chunk = chunks[index];
    if (chunk.owner != owner) {
      chunk = new Chunk(owner, chunk.keys.clone(), chunk.values.clone(), chunk.size);
      chunks[index] = chunk;
    }
    return chunk;
  }

  /** The chunk where a key is or belongs; size is not 0. */
  private int chunkFor(byte[] key) {
    int low = 0;
    int high = chunkCount - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Arrays.compareUnsigned(chunks[middle].keys[0], key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** A walk over frozen entries, before the first one. */
  Walk walk() {
    return new Walk(this);
  }

  /** A place in frozen entries. One thread at a time. */
  static final class Walk {
    private final Entries entries;
    private int chunk;
    private int at = -1;

    private Walk(Entries entries) {
      this.entries = entries;
    }

    /** Moves to the first key that is not less; false when there is none. */
    boolean seek(byte[] key) {
      if (entries.size == 0) {
        return false;
      }
      chunk = entries.chunkFor(key);
      int found = entries.chunks[chunk].find(key);
      at = found < 0 ? -found - 1 : found;
      return settle();
    }

    /** Moves to the next key; false when there is none, and then it stays behind the last. */
    boolean next() {
      at++;
      return settle();
    }

    private boolean settle() {
      if (chunk < entries.chunkCount && at >= entries.chunks[chunk].size) {
        chunk++;
        at = 0;
      }
      return chunk < entries.chunkCount;
    }

    byte[] key() {
      return entries.chunks[chunk].keys[at];
    }

    byte[] value() {
      return entries.chunks[chunk].values[at];
    }
  }
}
