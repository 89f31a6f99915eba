package dev.cairn.engine.bbolt;

import java.util.HashMap;
import java.util.Map;

/**
 * Which transaction made each node, by its first page. What is not known counts as always there.
 * Takes 8 bytes for each page near to one that is known.
 */
final class Births {
  private static final int CHUNK_PAGES = 1 << 9;

  private final Map<Integer, long[]> chunks = new HashMap<>();

  void put(int page, long txid) {
    long[] chunk = chunks.computeIfAbsent(page / CHUNK_PAGES, index -> new long[CHUNK_PAGES]);
    chunk[page % CHUNK_PAGES] = txid;
  }

  /** 0 when it is not known. */
  long get(int page) {
    long[] chunk = chunks.get(page / CHUNK_PAGES);
    return chunk == null ? 0 : chunk[page % CHUNK_PAGES];
  }

  void clear() {
    chunks.clear();
  }
}
