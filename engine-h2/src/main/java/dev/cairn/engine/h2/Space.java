package dev.cairn.engine.h2;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.SFChunk;

/**
 * How much of the file lives. MVStore knows it per chunk: the sum of the lengths of its pages, each
 * rounded up, and how much of that sum lives; the chunk's own length is shared out by that.
 */
final class Space {
  /** So many chunks are looked at per commit, on the average. */
  private static final int CHUNKS_PER_COMMIT = 1024;

  private final Map<Integer, SFChunk> chunks;
  private final AtomicLong removedBytes = new AtomicLong();
  private volatile long liveBytes;
  private volatile long chunkBytes;
  private volatile long deadBytes;
  private int commitsUntilMeasured;

  Space(Map<Integer, SFChunk> chunks) {
    this.chunks = chunks;
  }

  static boolean isLive(SFChunk chunk) {
    return chunk.maxLenLive > 0;
  }

  private static long bytes(SFChunk chunk) {
    return (long) chunk.len * FileHeader.BLOCK_BYTES;
  }

  /** What a part of the pages of a chunk takes of its length. */
  private static long share(SFChunk chunk, long pageBytes) {
    return chunk.maxLen == 0 ? 0 : (long) ((double) bytes(chunk) * pageBytes / chunk.maxLen);
  }

  /** A saved page is in no version to come. */
  void removed(long pagePosition) {
    SFChunk chunk = chunks.get(DataUtils.getPageChunkId(pagePosition));
    if (chunk != null) {
      removedBytes.addAndGet(share(chunk, DataUtils.getPageMaxLength(pagePosition)));
    }
  }

  void measureSometimes() {
    if (--commitsUntilMeasured < 0) {
      commitsUntilMeasured = chunks.size() / CHUNKS_PER_COMMIT;
      measure();
    }
  }

  void measure() {
    long live = 0;
    long all = 0;
    long dead = 0;
    for (SFChunk chunk : chunks.values()) {
      live += share(chunk, chunk.maxLenLive);
      all += bytes(chunk);
      dead += isLive(chunk) ? 0 : bytes(chunk);
    }
    liveBytes = live;
    chunkBytes = all;
    deadBytes = dead;
  }

  /** What the newest version uses. */
  long liveBytes() {
    return liveBytes;
  }

  /** What all chunks take that are not dropped. */
  long chunkBytes() {
    return chunkBytes;
  }

  /** What those of them take in which nothing lives, and which older versions may still need. */
  long deadBytes() {
    return deadBytes;
  }

  /** How much of the file commits have replaced since it was opened; only grows. */
  long removedBytes() {
    return removedBytes.get();
  }
}
