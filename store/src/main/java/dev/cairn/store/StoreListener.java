package dev.cairn.store;

import dev.cairn.spi.BackendListener;
import java.nio.file.Path;

/**
 * Hears of what a store does: the one seam for counters and metrics. Called on the thread that did
 * it, so it must return quickly and must not call the store. What it throws is logged and ignored.
 */
public interface StoreListener extends BackendListener {
  /** Hears nothing. */
  StoreListener NONE = new StoreListener() {};

  /**
   * A batch is in the backend.
   *
   * @param updates how many updates it carries
   * @param operations how many writes it carries
   * @param sizeBytes how many bytes of keys and values
   * @param nanos how long the engine took
   */
  default void committed(long updates, int operations, long sizeBytes, long nanos) {}

  /**
   * A commit did not happen, or nobody knows whether it did.
   *
   * @param failure what a hook or the engine threw
   */
  default void commitFailed(Throwable failure) {}

  /**
   * The store runs on another file.
   *
   * @param file the store's main file, which keeps its name
   * @param bytesBefore length of the old file
   * @param bytesAfter length of the new one
   * @param nanos how long updates were held
   */
  default void replaced(Path file, long bytesBefore, long bytesAfter, long nanos) {}

  @Override
  default void pinHeld(String openedAt, long ageMillis) {}

  @Override
  default void pinRevoked(String openedAt, long ageMillis, String reason) {}
}
