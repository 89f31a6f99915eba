package dev.cairn.store;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Runs update functions, one at a time, and lets what they wrote join what is pending. */
final class Updates {
  /** What an update leaves of a batch to the hooks. */
  private static final long HOOK_BYTES = 1 << 20;

  private final Path file;
  private final Versions versions;
  private final Commits commits;
  private final Runnable batchFull;
  private final CommitPolicy policy;
  private final boolean readOnly;
  private final boolean hooked;
  private final Optional<AppliedCodec> codec;
  private final ReentrantLock updates = new ReentrantLock();
  private Throwable failedEntry;

  /**
   * Nothing runs yet.
   *
   * @param batchFull told that something was sealed which no caller may be waiting for
   */
  Updates(Path file, Versions versions, Commits commits, StoreConfig config, Runnable batchFull) {
    this.file = file;
    this.versions = versions;
    this.commits = commits;
    this.batchFull = batchFull;
    this.policy = config.commitPolicy();
    this.readOnly = config.isReadOnly();
    this.hooked = !config.hooks().isEmpty();
    this.codec = config.appliedCodec();
  }

  /**
   * Runs one update.
   *
   * @return its number, to be waited for; 0 when it wrote nothing
   */
  long run(Update change) {
    return staged(1, change::apply);
  }

  /**
   * Runs the entries of a log as one: all of them join, or none when one throws; then none ever
   * will, because what comes after a failed entry must not be applied.
   *
   * @return the number of the last one, to be waited for; 0 when nothing was written
   */
  long runAll(List<Update> entries) {
    return staged(entries.size(), tx -> apply(entries, tx));
  }

  private void apply(List<Update> entries, StagedTx tx) {
    if (failedEntry != null) {
      throw new IllegalStateException(
          "an earlier entry failed, and nothing is applied after it", failedEntry);
    }
    try {
      entries.forEach(each -> each.apply(tx));
    } catch (RuntimeException | Error e) {
      failedEntry = e;
      throw e;
    }
  }

  private long staged(int count, Consumer<StagedTx> change) {
    checkNotInside();
    updates.lock();
    try {
      if (readOnly) {
        throw StorageException.of(Code.READ_ONLY, file, "is opened read-only");
      }
      commits.checkAccepting();
      State state = versions.state();
      long batchBytesMax = batchBytesMax(state);
      try (StagedTx tx = new StagedTx(state, batchBytesMax, codec)) {
        change.accept(tx);
        Overlay staged = tx.finish();
        return staged.isEmpty() ? 0 : join(tx, staged, count, batchBytesMax);
      }
    } finally {
      updates.unlock();
    }
  }

  /** What one batch of the engine holds, with room for what hooks add. */
  private long batchBytesMax(State state) {
    long bytesMax = state.generation().engine().info().limits().batchBytesMax();
    return hooked ? bytesMax - HOOK_BYTES : bytesMax;
  }

  /** Waits, where there is no room, until the commit in flight is done. */
  private long join(StagedTx tx, Overlay staged, int count, long batchBytesMax) {
    long bytesMax = Math.min(policy.bytesMax(), batchBytesMax);
    while (!versions.join(tx, staged, count, policy.opsMax(), bytesMax)) {
      commits.makeRoom();
      batchFull.run();
    }
    return versions.state().updates();
  }

  /** Runs something while no update runs. */
  void hold(Runnable action) {
    checkNotInside();
    updates.lock();
    try {
      action.run();
    } finally {
      updates.unlock();
    }
  }

  /** Refuses calls that would wait for the update, hook or listener that makes them. */
  void checkNotInside() {
    commits.checkNotInside();
    if (updates.isHeldByCurrentThread()) {
      throw new IllegalStateException("called from inside an update of the same store");
    }
  }
}
