package dev.cairn.raft;

import dev.cairn.etcd.Membership;
import dev.cairn.raft.Component.Prepared;
import dev.cairn.raft.RaftLogException.Reason;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Applied;
import dev.cairn.store.Store;
import dev.cairn.store.Successor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Applies snapshots that leaders send: the image that came takes the place of the database, under
 * running readers, together with all that the member keeps in memory of it.
 *
 * <pre>
 * wait until raft's thread has persisted the snapshot
 * copy the .snap.db to a new store, beside the old one
 * prepare: consistent index, then every component, in order      may fail; nothing has changed
 * publish: the new store and every component at once             the swap; durable from here on
 * drop all peers, add those of the snapshot
 * delete the .snap.db
 * </pre>
 *
 * <p>A failure before the swap leaves readers on the old state, and the member <b>halted</b>:
 * raft's log begins behind the snapshot already, so nothing of it may be applied to the old state.
 * Further applications are refused here, and further updates by the store, until the next start,
 * which finishes from the {@code .snap.db}. At any moment the database on disk holds the newest
 * snapshot, or the {@code .snap.db} of it is there.
 *
 * <p>Thread-safe; one snapshot is applied at a time.
 */
public final class SnapshotApply {
  private static final Logger LOG = System.getLogger(SnapshotApply.class.getName());

  private final Store store;
  private final long memberId;
  private final ApplyOptions options;
  private final ReentrantLock applying = new ReentrantLock();
  private volatile StorageException halted;

  /**
   * Applies to a store.
   *
   * @param store the member's, with a codec for the applied position ({@link
   *     dev.cairn.etcd.EtcdApplied} for etcd's content); stays open
   * @param memberId the member's own, unsigned
   * @param options what to work with
   */
  public SnapshotApply(Store store, long memberId, ApplyOptions options) {
    this.store = store;
    this.memberId = memberId;
    this.options = options;
  }

  /**
   * Applies a snapshot.
   *
   * @param snapshot raft's part of it; one of nothing is a no-op
   * @param database the image that came with it, in the store's directory; deleted when it is
   *     applied
   * @param current how far the member is
   * @return how far it is now
   * @throws RaftLogException {@code SNAPSHOT_OUT_OF_DATE} for one that is not ahead of what is
   *     applied; nothing has happened
   * @throws StorageException for whatever stands in the way: {@code not-found} without the image,
   *     {@code corrupt} for one that is damaged, of no engine, or older than the snapshot says,
   *     {@code unsupported} for a v2 document with keys of users. The member is halted
   */
  public Progress apply(RaftSnapshot snapshot, Path database, Progress current) {
    if (snapshot.index() == 0) {
      return current;
    }
    applying.lock();
    try {
      checkRunning();
      checkNewer(snapshot, current);
      tellProgress(1);
      try {
        return applyNewer(snapshot, database, current);
      } catch (RuntimeException | Error e) {
        throw halt(snapshot, database, e);
      } finally {
        tellProgress(0);
      }
    } finally {
      applying.unlock();
    }
  }

  /**
   * Refuses what comes after a failure: a host asks before it applies an entry.
   *
   * @throws StorageException when the member is halted: what halted it, and what to do
   */
  public void checkRunning() {
    StorageException reason = halted;
    if (reason != null) {
      throw reason.again();
    }
  }

  private static void checkNewer(RaftSnapshot snapshot, Progress current) {
    if (Long.compareUnsigned(snapshot.index(), current.appliedIndex()) <= 0) {
      throw new RaftLogException(
          Reason.SNAPSHOT_OUT_OF_DATE,
          "%s, %s is applied"
              .formatted(
                  Long.toUnsignedString(snapshot.index()),
                  Long.toUnsignedString(current.appliedIndex())));
    }
  }

  private Progress applyNewer(RaftSnapshot snapshot, Path database, Progress current) {
    log("applying a snapshot", snapshot, current);
    options.awaitPersisted().accept(snapshot);
    Swap swap = new Swap(snapshot, database);
    store.replace(swap);
    tellPeers(swap.membership);
    deleteImage(database);
    log("applied a snapshot", snapshot, current);
    return new Progress(snapshot.index(), snapshot.term(), snapshot.index(), snapshot.confState());
  }

  private static void log(String what, RaftSnapshot snapshot, Progress current) {
    LOG.log(
        Level.INFO,
        ("%s: current snapshot index %s, current applied index %s,"
                + " incoming snapshot index %s, incoming snapshot term %s")
            .formatted(
                what,
                Long.toUnsignedString(current.snapshotIndex()),
                Long.toUnsignedString(current.appliedIndex()),
                Long.toUnsignedString(snapshot.index()),
                Long.toUnsignedString(snapshot.term())));
  }

  private void tellPeers(Membership membership) {
    options.membership().dropAllPeers();
    membership.members().stream()
        .filter(member -> member.id() != memberId)
        .forEach(member -> options.membership().addPeer(member.id(), member.peerUrls()));
  }

  /** The swap is durable, so a start needs the image no more; whatever keeps it, it only lies. */
  private void deleteImage(Path database) {
    try {
      options.disk().delete(database);
    } catch (StorageException e) {
      LOG.log(Level.WARNING, "an applied snapshot's image could not be deleted", e);
    }
  }

  private void tellProgress(int count) {
    try {
      options.inProgress().accept(count);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a listener of snapshots failed", e);
    }
  }

  private RuntimeException halt(RaftSnapshot snapshot, Path database, Throwable failure) {
    Code code = failure instanceof StorageException known ? known.code() : Code.IO;
    StorageException reason =
        StorageException.of(
            code,
            database,
            "snapshot %s could not be applied, nothing is until the member is started anew: %s"
                .formatted(Long.toUnsignedString(snapshot.index()), failure.getMessage()),
            failure);
    halted = reason;
    store.refuseUpdates(reason);
    if (failure instanceof Error error) {
      throw error;
    }
    return reason.again();
  }

  /** The image that becomes the store. */
  private final class Swap implements Successor {
    private final RaftSnapshot snapshot;
    private final Path database;
    private Membership membership;

    Swap(RaftSnapshot snapshot, Path database) {
      this.snapshot = snapshot;
      this.database = database;
    }

    @Override
    public Engine build(Path file) {
      return ReceivedDatabase.install(options.disk(), database, file, options.engines());
    }

    @Override
    public Runnable prepare(ReadView view, Applied applied) {
      checkIndex(applied);
      List<Prepared> prepared = new ArrayList<>();
      for (Component component : options.components()) {
        prepared.add(prepare(component, view));
      }
      membership = Membership.of(view, snapshot.data());
      return () -> prepared.forEach(Prepared::publish);
    }

    /** Before anything is made of the content: what is not in it, nobody would apply again. */
    private void checkIndex(Applied applied) {
      if (Long.compareUnsigned(applied.index(), snapshot.index()) < 0) {
        throw StorageException.of(
            Code.CORRUPT,
            database,
            "has consistent index %d, and came with a snapshot of index %s: it is older"
                .formatted(applied.index(), Long.toUnsignedString(snapshot.index())));
      }
    }

    private Prepared prepare(Component component, ReadView view) {
      try {
        return component.prepare(view, snapshot);
      } catch (StorageException e) {
        throw StorageException.of(e.code(), database, component.name() + ": " + e.getMessage(), e);
      }
    }
  }
}
