package dev.cairn.spi;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * A pinned instant that can be streamed once. {@link #close()} may be called from any thread, also
 * while {@link #writeTo} runs.
 */
public interface Snapshot extends AutoCloseable {
  /**
   * How many bytes {@link #writeTo} will write, exactly, known before the first one.
   *
   * @return a positive multiple of 512, so that a 32-byte hash behind the image can be told from it
   */
  long size();

  /**
   * Writes the image, forward only. It may block on {@code out}; commits go on meanwhile. Runs at
   * most once; the pin is let go by {@link #close()}, or earlier once nothing more is read.
   *
   * @param out where to; every buffer given to it is written wholly or refused with an exception.
   *     It stays open, and must not keep a buffer after its {@code write} returned
   * @throws IOException what {@code out} threw, unchanged
   * @throws IllegalStateException when it ran before
   * @throws StorageException a failure of the engine, never a short success; {@code closed} within
   *     one chunk when this snapshot or its backend is closed meanwhile, {@code expired} when its
   *     pin is revoked
   */
  void writeTo(WritableByteChannel out) throws IOException;

  /** Lets the instant go. Idempotent, from any thread. */
  @Override
  void close();
}
