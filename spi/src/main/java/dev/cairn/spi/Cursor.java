package dev.cairn.spi;

import java.nio.ByteBuffer;

/**
 * Walks the entries of one bucket of one view, in the order of the unsigned keys. Used by one
 * thread at a time; {@link #close()} may be called from any thread. It starts before the first
 * entry.
 *
 * <p>After its view or backend is closed every call but {@code close} must throw {@code closed},
 * and after the view was revoked {@code expired}.
 */
public interface Cursor extends AutoCloseable {
  /**
   * Moves to the first entry whose key is not less than the given one.
   *
   * @param key any bytes; an empty key moves to the first entry. It is not kept.
   * @return false when there is none; the cursor is then behind the last entry
   * @throws StorageException as the view's calls
   */
  boolean seek(byte[] key);

  /**
   * Moves to the next entry; from before the first one to the first.
   *
   * @return false when there is none; the cursor is then behind the last entry and stays there
   * @throws StorageException as the view's calls
   */
  boolean next();

  /**
   * The current key.
   *
   * @return a read-only buffer from position 0 to its limit; dead at the next call on this cursor,
   *     so copy to keep
   * @throws IllegalStateException when the cursor is on no entry
   * @throws StorageException as the view's calls
   */
  ByteBuffer key();

  /**
   * The current value.
   *
   * @return a read-only buffer as {@link #key()}'s; the key's buffer and the value's live together
   * @throws IllegalStateException when the cursor is on no entry
   * @throws StorageException as the view's calls
   */
  ByteBuffer value();

  /** Lets the cursor go. Idempotent, from any thread. Closing the view closes it too. */
  @Override
  void close();
}
