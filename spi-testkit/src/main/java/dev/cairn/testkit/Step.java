package dev.cairn.testkit;

import java.util.List;

/** One step of a random history. Any steps in any order make a history, so that it can shrink. */
interface Step {
  /** How many views, and how many snapshots, are held at once at most. */
  int SLOTS = 4;

  void run(HistoryRun run) throws Exception;

  /** Commits a batch, which may have to be rejected. */
  record Commit(List<Op> ops) implements Step {
    @Override
    public void run(HistoryRun run) {
      run.commit(ops);
    }
  }

  /** Makes everything durable. */
  record Sync() implements Step {
    @Override
    public void run(HistoryRun run) {
      run.sync();
    }
  }

  /** Opens a view to hold, unless one is held there. */
  record OpenView(int slot) implements Step {
    @Override
    public void run(HistoryRun run) {
      run.openView(slot);
    }
  }

  /** Reads all of a held view. */
  record ReadAll(int slot) implements Step {
    @Override
    public void run(HistoryRun run) {
      run.readAll(slot);
    }
  }

  /** Walks about in a held view. */
  record Wander(int slot, long seed) implements Step {
    @Override
    public void run(HistoryRun run) {
      run.wander(slot, seed);
    }
  }

  /** Closes a held view. */
  record CloseView(int slot) implements Step {
    @Override
    public void run(HistoryRun run) {
      run.closeView(slot);
    }
  }

  /** Takes a snapshot to hold, unless one is held there. */
  record TakeSnapshot(int slot) implements Step {
    @Override
    public void run(HistoryRun run) {
      run.takeSnapshot(slot);
    }
  }

  /** Streams a held snapshot, reads its image, and installs it. */
  record Stream(int slot) implements Step {
    @Override
    public void run(HistoryRun run) throws Exception {
      run.stream(slot);
    }
  }

  /** Closes the backend, with what is held or after it, and opens it again. */
  record Reopen(boolean heldOnesFirst) implements Step {
    @Override
    public void run(HistoryRun run) {
      run.reopen(heldOnesFirst);
    }
  }
}
