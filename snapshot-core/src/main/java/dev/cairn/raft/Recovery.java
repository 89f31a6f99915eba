package dev.cairn.raft;

import dev.cairn.etcd.EtcdView;
import dev.cairn.etcd.RaftMembership;
import dev.cairn.etcd.V2Document;
import dev.cairn.io.Disk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.Snapshotter;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.wal.Entry;
import dev.cairn.wal.HardState;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.Wal;
import dev.cairn.wal.WalContent;
import java.util.List;
import java.util.Optional;

/**
 * The start of a member whose directory is there, in etcd's order: the newest snapshot that the log
 * knows, the database at or behind it, the log behind it, raft's memory, the membership.
 *
 * <p>The database is opened before anything is cleaned up, as its lock is that of the directory.
 */
final class Recovery {
  private final MemberConfig config;
  private final MemberPaths paths;
  private final Disk disk;
  private final Database database;
  private final MemoryStorage memory = new MemoryStorage();

  /** What was opened and, on a failure, has to be closed. */
  private Optional<Store> store;

  private OpenedLog log;
  private boolean imageInstalled;

  private Recovery(MemberConfig config, MemberPaths paths) {
    this.config = config;
    this.paths = paths;
    this.disk = config.disk();
    this.database = new Database(config, paths);
  }

  static RaftMember run(MemberConfig config, MemberPaths paths) {
    Recovery recovery = new Recovery(config, paths);
    recovery.store = recovery.database.open();
    try {
      return recovery.run();
    } catch (RuntimeException | Error e) {
      recovery.close(e);
      throw e;
    }
  }

  private void close(Throwable failure) {
    try {
      if (log != null) {
        log.wal().close();
      }
      store.ifPresent(Store::close);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private RaftMember run() {
    // Damage of the log is found before anything is changed.
    List<SnapshotNote> notes = Wal.validSnapshots(disk, paths.wal());
    Snapshotter snapshotter = Snapshotter.open(disk, paths.snap());
    RaftSnapshot snapshot = snapshotter.loadNewest(notes).orElse(RaftSnapshot.NONE);
    RaftMembership ofSnapshot = membershipOf(snapshot);
    openStoreAt(snapshot, snapshotter);
    SnapshotNote from = new SnapshotNote(snapshot.index(), snapshot.term(), Optional.empty());
    log = OpenedLog.open(disk, paths.wal(), from, config.wal());
    long applied = store.orElseThrow().applied().index();
    HardState state = fill(snapshot, applied);
    Recovered recovered =
        new Recovered(
            log.content().metadata(),
            snapshot,
            state,
            applied,
            entries(applied, state.commit()),
            log.repaired(),
            imageInstalled);
    return new RaftMember(
        config,
        store.orElseThrow(),
        new RaftFiles(disk, paths.wal(), log.wal(), snapshotter),
        memory,
        recovered,
        membership(ofSnapshot, snapshot.index(), applied));
  }

  private void openStoreAt(RaftSnapshot snapshot, Snapshotter snapshotter) {
    if (store.isEmpty() && snapshot.index() == 0) {
      throw Database.missing(paths.database());
    }
    boolean holds =
        store.isPresent()
            && Long.compareUnsigned(store.get().applied().index(), snapshot.index()) >= 0;
    if (!holds) {
      store = Optional.of(database.install(store, snapshot, snapshotter));
      imageInstalled = true;
    }
  }

  /** Fills raft's memory; the hard state must lie within the log, and so must the database. */
  private HardState fill(RaftSnapshot snapshot, long applied) {
    WalContent content = log.content();
    if (snapshot.index() > 0) {
      memory.applySnapshot(snapshot);
    }
    memory.append(content.entries());
    HardState read = content.hardState();
    checkWithinLog("the database holds", applied);
    checkWithinLog("what is agreed on reaches", read.commit());
    HardState state = new HardState(read.term(), read.vote(), max(read.commit(), applied));
    memory.setHardState(state);
    return state;
  }

  private void checkWithinLog(String what, long index) {
    if (Long.compareUnsigned(index, memory.lastIndex()) > 0) {
      throw StorageException.of(
          Code.CORRUPT,
          paths.wal(),
          "ends with entry %s, but %s entry %s: entries are lost; restore the member"
              .formatted(
                  Long.toUnsignedString(memory.lastIndex()), what, Long.toUnsignedString(index)));
    }
  }

  private static long max(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  private List<Entry> entries(long after, long to) {
    return Long.compareUnsigned(after, to) >= 0
        ? List.of()
        : memory.entries(after + 1, to + 1, -1L);
  }

  private static RaftMembership membershipOf(RaftSnapshot snapshot) {
    return snapshot.index() == 0
        ? RaftMembership.EMPTY
        : RaftMembership.of(V2Document.read(snapshot.data()), snapshot.confState());
  }

  /** As of the entry that the database holds: changes behind the snapshot are run again. */
  private RaftMembership membership(RaftMembership ofSnapshot, long snapshotIndex, long applied) {
    RaftMembership membership = ofSnapshot;
    for (Entry entry : entries(snapshotIndex, applied)) {
      membership = membership.after(entry);
    }
    try (ReadView view = store.orElseThrow().openView()) {
      return EtcdView.storageVersion(view).isPresent()
          ? membership.withMembersOf(view)
          : membership;
    }
  }
}
