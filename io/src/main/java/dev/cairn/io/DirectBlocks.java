package dev.cairn.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What reads and writes past the cache have in common. */
final class DirectBlocks {
  private DirectBlocks() {}

  /** A buffer for a block, laid in memory as such reads and writes want it. */
  static ByteBuffer allocate(int sizeBytes, int alignmentBytes) {
    ByteBuffer whole = ByteBuffer.allocateDirect(sizeBytes + alignmentBytes);
    return whole.alignedSlice(alignmentBytes).limit(sizeBytes).slice();
  }

  /**
   * Waits for a read or a write. An interrupt does not cut it short: the block's memory must
   * outlive it.
   *
   * @return how many bytes it came to; -1 at the end of the file, or when the disk refused
   */
  static int await(Future<Integer> operation) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return operation.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException) {
        return -1;
      }
      throw new IllegalStateException("a block was not read or written", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
