package dev.cairn.store;

/**
 * Adds to what is about to be committed: state that changes with each commit rather than with each
 * update. Runs on the committing thread while the writes are being sealed; updates wait meanwhile,
 * readers do not.
 */
@FunctionalInterface
public interface CommitHook {
  /**
   * Adds its writes. When it throws, the commit fails with that exception and the writes are put
   * back: they stay visible and pending, and the next commit runs the hooks again.
   *
   * @param sealed sees exactly what this commit will have written; valid until this returns. It
   *     must not call the store for an update, a commit or a snapshot
   */
  void beforeCommit(SealedTx sealed);
}
