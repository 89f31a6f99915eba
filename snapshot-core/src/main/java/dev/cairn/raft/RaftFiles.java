package dev.cairn.raft;

import dev.cairn.io.Disk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.Snapshotter;
import dev.cairn.spi.StorageException;
import dev.cairn.wal.Entry;
import dev.cairn.wal.HardState;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.Wal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The log of a member and its snapshots, as one: what etcd's server calls its {@code Storage}.
 * Thread-safe. After a failure of the log every later call that writes throws the same.
 */
public final class RaftFiles implements AutoCloseable {
  private final Disk disk;
  private final Path walDirectory;
  private final Wal wal;
  private final Snapshotter snapshotter;

  /**
   * Joins the two.
   *
   * @param disk where
   * @param walDirectory of the log
   * @param wal ready to be written; closed with this
   * @param snapshotter of the same member
   */
  public RaftFiles(Disk disk, Path walDirectory, Wal wal, Snapshotter snapshotter) {
    this.disk = disk;
    this.walDirectory = walDirectory;
    this.wal = wal;
    this.snapshotter = snapshotter;
  }

  /**
   * Saves entries and a hard state behind them, as {@link Wal#save}.
   *
   * @param state not written when it is {@link HardState#EMPTY}
   * @param entries in order
   * @throws StorageException as {@link Wal#save}
   */
  public void save(HardState state, List<Entry> entries) {
    wal.save(state, entries);
  }

  /**
   * Saves a snapshot: first its file, then the log's note of it, each durable before the next. A
   * power cut between the two leaves a file that no start looks at.
   *
   * @param snapshot of entries that are agreed on, by a hard state that was saved before
   * @throws StorageException as the two
   */
  public void saveSnapshot(RaftSnapshot snapshot) {
    snapshotter.save(snapshot);
    wal.saveSnapshot(
        new SnapshotNote(snapshot.index(), snapshot.term(), Optional.of(snapshot.confState())));
  }

  /**
   * Makes everything durable that was saved so far.
   *
   * @throws StorageException as {@link Wal#sync()}
   */
  public void sync() {
    wal.sync();
  }

  /**
   * Lets go of what is older than a snapshot: segments of the log may be purged, and older images
   * that leaders sent are deleted.
   *
   * @param index of the snapshot, which the log notes and the database holds
   * @throws StorageException as the two
   */
  public void release(long index) {
    wal.release(index);
    snapshotter.release(index);
  }

  /** Of the log alone, while the database does not hold the snapshot yet. */
  void releaseLog(long index) {
    wal.release(index);
  }

  /**
   * Deletes the oldest files, by their names, of what was released.
   *
   * @param kept how many stay of each kind, at least 1
   * @param neededIndex of the newest snapshot that the log notes
   * @return what was deleted
   * @throws StorageException as the disk's calls; the rest is then still there
   */
  public List<Path> purge(int kept, long neededIndex) {
    List<Path> purged = new ArrayList<>(snapshotter.purge(kept, neededIndex));
    purged.addAll(Wal.purge(disk, walDirectory, kept));
    return purged;
  }

  /**
   * The directory of snapshots, where an image that a leader sends is received.
   *
   * @return not to be closed
   */
  public Snapshotter snapshotter() {
    return snapshotter;
  }

  /**
   * Makes durable what was saved and closes the log. Idempotent.
   *
   * @throws StorageException when that fails; it is closed nevertheless
   */
  @Override
  public void close() {
    wal.close();
  }
}
