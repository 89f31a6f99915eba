package dev.cairn.raft;

import dev.cairn.snap.RaftSnapshot;
import dev.cairn.spi.ReadView;

/**
 * Something that a member keeps in memory of its database, and that changes with it when a received
 * snapshot takes the database's place. Called on the applying thread.
 */
public interface Component {
  /** What is ready to take effect. */
  interface Prepared {
    /**
     * Takes effect, in the moment in which the new database does. Must be quick and must not fail;
     * whoever reads at this moment sees the old state of every component or the new one of each.
     */
    void publish();
  }

  /**
   * What it is called in errors.
   *
   * @return a word or two
   */
  String name();

  /**
   * Makes aside what is to take effect, and leaves what is in effect as it is. May fail: then
   * nothing of the snapshot takes effect.
   *
   * @param view of the new database; closed when the last component is prepared
   * @return is published, or dropped
   */
  Prepared prepare(ReadView view);

  /**
   * The same for a component that raft's own part of the snapshot tells something, too.
   *
   * @param view as above
   * @param snapshot not changed
   * @return as above
   */
  default Prepared prepare(ReadView view, RaftSnapshot snapshot) {
    return prepare(view);
  }
}
