package dev.cairn.store;

import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;

/**
 * What takes a store's place by {@link Store#replace(Successor)}: another content, and whatever is
 * made of it outside the store. Called on the replacing thread; updates and commits wait meanwhile,
 * readers do not. It must not call the store.
 */
public interface Successor {
  /**
   * Makes the new store: its bytes are durable, and it is closed, when this returns.
   *
   * @param file where; absent, in the store's directory. What is left there, and beside it, is
   *     removed when this or {@link #prepare} throws
   * @return the engine that it is of
   */
  Engine build(Path file);

  /**
   * Looks at the new content, and makes aside what is to be published with it. May refuse it by
   * throwing: the store is then as it was.
   *
   * @param view closed when this returns
   * @param applied how far the log is applied to it, as the store's codec reads it
   * @return publishes what was made: runs in the moment in which the new content becomes the
   *     store's, and must be quick and not fail
   */
  Runnable prepare(ReadView view, Applied applied);
}
