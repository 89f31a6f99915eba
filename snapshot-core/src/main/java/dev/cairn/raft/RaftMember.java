package dev.cairn.raft;

import dev.cairn.etcd.NewCluster;
import dev.cairn.etcd.RaftMembership;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.Snapshotter;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.wal.Entry;
import dev.cairn.wal.HardState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What a host of raft embeds: a member's data directory, which is etcd's, with its log, its
 * snapshots, raft's memory of the log, and the database.
 *
 * <p>Two threads use it. Raft's {@linkplain #persist persists} what is to be kept before a message
 * is sent or a client is answered. The other one {@linkplain #apply applies} what is agreed on, in
 * order, and so sets off the next snapshot. Both may be the same. What is only read here is
 * thread-safe.
 *
 * <p>At every moment, a power cut included, the database holds what the newest snapshot that the
 * log knows says, or the image that came with that snapshot is there; and the log reaches back to
 * it.
 *
 * <p>Errors end the member's work. After a failed write of the log every later one throws the same;
 * after an entry that could not be applied nothing more is applied. Close it then, and open it
 * anew.
 */
public final class RaftMember implements AutoCloseable {
  private final Store store;
  private final RaftFiles files;
  private final MemoryStorage memory;
  private final Recovered recovered;
  private final Applying applying;
  private final Persisted persisted;

  RaftMember(
      MemberConfig config,
      Store store,
      RaftFiles files,
      MemoryStorage memory,
      Recovered recovered,
      RaftMembership membership) {
    this.store = store;
    this.files = files;
    this.memory = memory;
    this.recovered = recovered;
    this.persisted = new Persisted(recovered.commit(), recovered.snapshot().index());
    this.applying = new Applying(config, store, files, memory, recovered, membership);
  }

  /**
   * Opens a member's directory. Where there is none, and the configuration tells of a first start,
   * it is made: a database without keys, a log and a snapshot in which the members were added.
   * Where there is one it is put right as after a crash: the newest snapshot that the log knows is
   * found; the image that came with it becomes the database where that is older; half a record at
   * the end of the log is cut off; what was unfinished is removed.
   *
   * @param dataDir which has {@code member} in it; its parent exists
   * @param config how
   * @return a member whose {@link #recovered()} entries are to be applied first; the caller closes
   *     it
   * @throws StorageException {@code not-found} without a member and a first start, for a database
   *     that is missing, and for one that is older than the snapshot whose image is missing: {@code
   *     failed to find database snapshot file}; {@code corrupt} for damage of log or database, and
   *     where they do not match; {@code locked} when another process has the directory; else as the
   *     disk's calls. What was there is still there
   */
  public static RaftMember open(Path dataDir, MemberConfig config) {
    MemberPaths paths = MemberPaths.in(dataDir);
    if (!config.disk().exists(paths.member())) {
      NewCluster cluster = config.firstStart().orElseThrow(() -> noMember(paths.member()));
      new FirstStart(config, cluster).make(paths);
    }
    if (!paths.hasLog(config.disk())) {
      throw StorageException.of(
          Code.NOT_FOUND, paths.wal(), "wal: file not found; restore the member from a snapshot");
    }
    return Recovery.run(config, paths);
  }

  private static StorageException noMember(Path member) {
    return StorageException.of(
        Code.NOT_FOUND, member, "no such member; name another data directory, or restore one");
  }

  /**
   * What the start has found.
   *
   * @return its entries are to be given to {@link #apply} before any others
   */
  public Recovered recovered() {
    return recovered;
  }

  /**
   * What raft reads its log from.
   *
   * @return as of the last {@link #persist}
   */
  public RaftLog log() {
    return memory;
  }

  /**
   * The database.
   *
   * @return not to be closed, nor to be written but by {@link #apply}
   */
  public Store store() {
    return store;
  }

  /**
   * Where a snapshot's image that a leader sends is received.
   *
   * @return of this member's directory
   */
  public Snapshotter snapshotter() {
    return files.snapshotter();
  }

  /**
   * Who belongs to the cluster, as of the last entry applied.
   *
   * @return changes with {@link #apply}
   */
  public RaftMembership membership() {
    return applying.membership();
  }

  /**
   * The last entry applied.
   *
   * @return its index
   */
  public long appliedIndex() {
    return applying.appliedIndex();
  }

  /**
   * Keeps what raft says, durably, and then in memory: raft's thread calls it with what is ready.
   *
   * @param state {@link HardState#EMPTY} where it has not changed
   * @param entries to be appended, in order; from the first of them on they take the place of what
   *     the log has. None of them may be agreed on already
   * @throws StorageException as {@link RaftFiles#save}
   * @throws IllegalArgumentException for entries that are agreed on already; nothing has changed
   */
  public void persist(HardState state, List<Entry> entries) {
    checkNotAgreed(entries);
    files.save(state, entries);
    remember(state, entries);
  }

  /**
   * Keeps a snapshot that a leader sent, and what comes with it. Its image was received before. The
   * entries behind it can be applied when the image has become the database, which whoever waits in
   * {@link #awaitPersisted} may do from now on.
   *
   * @param state with the commit of the snapshot or a later one
   * @param entries behind the snapshot
   * @param snapshot newer than what the log holds
   * @throws StorageException {@code not-found} when its image was not received, with no effect;
   *     else as {@link RaftFiles#saveSnapshot}
   * @throws RaftLogException {@code SNAPSHOT_OUT_OF_DATE}, with no effect
   */
  public void persist(HardState state, List<Entry> entries, RaftSnapshot snapshot) {
    checkNewer(snapshot);
    files.snapshotter().database(snapshot.index());
    files.saveSnapshot(snapshot);
    files.save(state, entries);
    files.sync();
    memory.applySnapshot(snapshot);
    persisted.snapshot(snapshot.index());
    files.releaseLog(snapshot.index());
    remember(state, entries);
  }

  private void checkNewer(RaftSnapshot snapshot) {
    long there = memory.snapshot().index();
    if (Long.compareUnsigned(snapshot.index(), there) <= 0) {
      throw new RaftLogException(
          RaftLogException.Reason.SNAPSHOT_OUT_OF_DATE,
          Long.toUnsignedString(snapshot.index()) + ", there is " + Long.toUnsignedString(there));
    }
  }

  private void checkNotAgreed(List<Entry> entries) {
    if (!entries.isEmpty()
        && Long.compareUnsigned(entries.get(0).index(), persisted.commit()) <= 0) {
      throw new IllegalArgumentException(
          "entry %s is agreed on already, up to %s"
              .formatted(
                  Long.toUnsignedString(entries.get(0).index()),
                  Long.toUnsignedString(persisted.commit())));
    }
  }

  private void remember(HardState state, List<Entry> entries) {
    memory.append(entries);
    if (!state.equals(HardState.EMPTY)) {
      memory.setHardState(state);
      persisted.commit(state.commit());
    }
  }

  /**
   * Waits until a snapshot was persisted.
   *
   * @param index of the snapshot
   * @throws StorageException {@code closed} when the member is closed before
   */
  public void awaitPersisted(long index) {
    persisted.await(index);
  }

  /**
   * Applies entries, in the store and to the membership, and makes a snapshot when it is time.
   *
   * @param entries in order, the first one behind the last one applied; agreed on by a hard state
   *     that was persisted, and itself persisted
   * @param applier is given those that are no change of the configuration
   * @return the snapshot when one was made
   * @throws StorageException as the store's, and those of {@link #snapshot}; nothing is applied
   *     after a failure
   * @throws IllegalArgumentException for others than the next entries; nothing has changed
   */
  public Optional<RaftSnapshot> apply(List<Entry> entries, EntryApplier applier) {
    applying.apply(entries, applier, persisted.commit());
    return applying.snapshotWhenDue();
  }

  /**
   * Applies a snapshot that a leader sent: its image takes the place of the database, under running
   * readers. Called by who applies; when it fails nothing more is applied, and the next start
   * finishes it.
   *
   * @param snapshot as it was persisted, or is about to be; one of nothing is a no-op
   * @param swap waits until the snapshot {@linkplain #awaitPersisted is persisted} and puts the
   *     image, whose file it is given, into the database's place, durably
   * @throws RaftLogException {@code SNAPSHOT_OUT_OF_DATE} for one that is not ahead of what is
   *     applied, with no effect
   * @throws StorageException {@code not-found} without the image, {@code corrupt} for a document
   *     that is none; else as {@code swap}
   */
  public void applySnapshot(RaftSnapshot snapshot, BiConsumer<RaftSnapshot, Path> swap) {
    applying.applySnapshot(snapshot, swap);
  }

  /**
   * Makes a snapshot of what is applied: commits the database, saves the snapshot, notes it in the
   * log, forgets entries and files that are older than are to be kept. Called by who applies.
   *
   * @return empty when a snapshot is there that is as new
   * @throws StorageException as the store's and the files' calls; the snapshot before still counts
   *     then
   */
  public Optional<RaftSnapshot> snapshot() {
    return applying.snapshot();
  }

  /**
   * Closes database and log. Idempotent.
   *
   * @throws StorageException when what was written could not be made durable; all is closed
   *     nevertheless
   */
  @Override
  public void close() {
    persisted.close();
    try {
      store.close();
    } finally {
      files.close();
    }
  }
}
