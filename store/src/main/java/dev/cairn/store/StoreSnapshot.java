package dev.cairn.store;

import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;

/**
 * One commit, pinned twice: as the engine's native image and as a view. Both show the same content.
 * Whoever takes it closes it; either part may be closed before.
 */
public final class StoreSnapshot implements AutoCloseable {
  private final Snapshot image;
  private final ReadView view;
  private final Applied applied;

  StoreSnapshot(Snapshot image, ReadView view, Applied applied) {
    this.image = image;
    this.view = view;
    this.applied = applied;
  }

  /**
   * The engine's native image.
   *
   * @return closed with this
   */
  public Snapshot image() {
    return image;
  }

  /**
   * The same content to read.
   *
   * @return closed with this
   */
  public ReadView view() {
    return view;
  }

  /**
   * How far the log was applied at that commit.
   *
   * @return {@link Applied#NONE} when no position was ever set
   */
  public Applied applied() {
    return applied;
  }

  /** Lets image and view go. Idempotent, from any thread. */
  @Override
  public void close() {
    try {
      image.close();
    } finally {
      view.close();
    }
  }
}
