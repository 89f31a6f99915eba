package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A write-ahead log: a directory of segments, in etcd's format, open to be written.
 *
 * <p>{@link #create} begins one. {@link #open} takes one that is there; it must be {@linkplain
 * #readAll read} before anything is saved. Looking at a log without locking or changing it is
 * {@link #read}, {@link #verify} and {@link #validSnapshots}. {@link #repair} cuts off the half
 * record that a loss of power may leave at the end.
 *
 * <p>Thread-safe. Records stand in the order of the calls. Of several threads that wait for their
 * records to be durable one syncs for all: callers that must fix an order of their own {@link
 * #append} under their lock and {@link #sync(long)} outside it.
 *
 * <p>After a failure of the disk nobody knows what is durable: every later call throws the same
 * error, and no sync is tried again. Close the log then, and open it anew. What was refused with
 * {@code limit} has changed nothing, and the log goes on. No method is harmed by an interrupt.
 */
public final class Wal implements AutoCloseable {
  private final Disk disk;
  private final Path directory;
  private final WalOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition syncEnded = lock.newCondition();

  /** What {@link #readAll} will read; null from then on. */
  private UnreadLog unread;

  /** Null until it was read, and when reading it has failed. */
  private SegmentChain chain;

  private StorageException failure;
  private long appended;
  private long durable;
  private boolean syncing;
  private boolean closing;
  private boolean closed;

  private Wal(Disk disk, Path directory, WalOptions options, UnreadLog unread, SegmentChain chain) {
    this.disk = disk;
    this.directory = directory;
    this.options = options;
    this.unread = unread;
    this.chain = chain;
  }

  /**
   * Begins a log. It is durable on return; a power cut before leaves none.
   *
   * @param disk where
   * @param directory a path whose parent exists; itself absent or empty. It is built beside its
   *     place, in a directory with ".tmp" behind its name that is removed when it is there
   * @param metadata whose log it is
   * @param options how it is written
   * @return to be closed by the caller
   * @throws StorageException {@code exists} when the directory has a log or other files; else as
   *     the disk's calls
   */
  public static Wal create(Disk disk, Path directory, WalMetadata metadata, WalOptions options) {
    SegmentChain chain = SegmentChain.create(disk, directory, metadata, options);
    return new Wal(disk, directory, options, null, chain);
  }

  /**
   * Opens a log to go on with it, and locks its segments from the snapshot on.
   *
   * @param disk where
   * @param directory of the log
   * @param from the snapshot behind which it is read, one of {@link #validSnapshots}, or {@link
   *     SnapshotNote#NONE}
   * @param options how it is written on
   * @return to be read with {@link #readAll}, and closed by the caller
   * @throws StorageException {@code not-found} without a segment that begins at or before the
   *     snapshot; {@code locked} when another one has it open; else as the disk's calls
   */
  public static Wal open(Disk disk, Path directory, SnapshotNote from, WalOptions options) {
    return new Wal(disk, directory, options, UnreadLog.lock(disk, directory, from), null);
  }

  /**
   * Reads a log behind a snapshot, locking and changing nothing. A cut record at its end is passed
   * over.
   *
   * @param disk where
   * @param directory of the log
   * @param from the snapshot
   * @return all of it, in the heap
   * @throws StorageException as {@link #readAll()}, but not for a cut record
   */
  public static WalContent read(Disk disk, Path directory, SnapshotNote from) {
    return LogFiles.read(disk, directory, from, Replay.toList(from));
  }

  /**
   * The same, entry by entry.
   *
   * @param disk where
   * @param directory of the log
   * @param from the snapshot
   * @param sink as that of {@link #readAll(Consumer)}
   * @return what is left, without entries
   * @throws StorageException as {@link #readAll()}, but not for a cut record
   */
  public static WalContent read(
      Disk disk, Path directory, SnapshotNote from, Consumer<Entry> sink) {
    return LogFiles.read(disk, directory, from, Replay.toConsumer(from, sink));
  }

  /**
   * Looks whether a log can be read behind a snapshot; keeps no entry, locks and changes nothing.
   *
   * @param disk where
   * @param directory of the log
   * @param from the snapshot
   * @return metadata, hard state and end; without entries
   * @throws StorageException as {@link #readAll()}, but not for a cut record, which {@link
   *     WalEnd#torn} tells
   */
  public static WalContent verify(Disk disk, Path directory, SnapshotNote from) {
    return read(disk, directory, from, entry -> {});
  }

  /**
   * The snapshots that a log may be opened at: those that it notes and that are committed. An old
   * one may be among them whose segments were purged. Reads every segment; locks and changes
   * nothing.
   *
   * @param disk where
   * @param directory of the log
   * @return in the order of the log; in a log that was never purged {@link SnapshotNote#NONE} is
   *     the first
   * @throws StorageException {@code not-found} without a segment; {@code corrupt}; else as the
   *     disk's calls
   */
  public static List<SnapshotNote> validSnapshots(Disk disk, Path directory) {
    return LogFiles.validSnapshots(disk, directory);
  }

  /**
   * Cuts the half record off that a loss of power has left at the end of a log. What is cut off was
   * never acknowledged. The segment is copied before, to its name with ".broken" behind it; an
   * older copy of that name is replaced.
   *
   * @param disk where
   * @param directory of the log, open nowhere
   * @return whether there was one; else nothing was changed
   * @throws StorageException {@code corrupt} for damage of any other kind in the last segment,
   *     which is not changed then; {@code not-found}; {@code locked}; else as the disk's calls
   */
  public static boolean repair(Disk disk, Path directory) {
    return LogFiles.repair(disk, directory);
  }

  /**
   * Deletes the oldest segments, durably one after the other, as long as more than some are left
   * and nobody has them locked: a log that is open keeps those which it has not {@linkplain
   * #release released}.
   *
   * @param disk where
   * @param directory of the log
   * @param segmentsKept how many stay at least; 1 or more
   * @return those deleted
   * @throws StorageException as the disk's calls
   */
  public static List<Path> purge(Disk disk, Path directory, int segmentsKept) {
    return LogFiles.purge(disk, directory, segmentsKept);
  }

  /**
   * Reads the log behind the snapshot that it was opened at, once, and makes it ready to be
   * written.
   *
   * @return all of it, in the heap
   * @throws StorageException {@code corrupt} for damage, and for a cut record at the end, which
   *     {@link #repair} takes away when this is closed: {@code unexpected EOF}; {@code corrupt} too
   *     for {@code wal: conflicting metadata found}, {@code wal: snapshot mismatch} and {@code wal:
   *     slice bounds out of range}; {@code not-found} for {@code wal: snapshot not found}; {@code
   *     limit} for a record longer than 64 MiB; else as the disk's calls
   * @throws IllegalStateException {@code wal: decoder not found} when it was read already
   */
  public WalContent readAll() {
    return readWith(Replay::toList);
  }

  /**
   * The same, entry by entry, so that the heap need not hold them all.
   *
   * @param sink is given the entries in the order of the log. An entry whose index has come before
   *     takes the place of that one and of all that followed it; one of an index up to the
   *     snapshot's comes only then. Must not use this log; what it throws ends the reading
   * @return what is left, without entries
   * @throws StorageException as {@link #readAll()}; the sink may have had entries by then
   * @throws IllegalStateException when it was read already
   */
  public WalContent readAll(Consumer<Entry> sink) {
    return readWith(from -> Replay.toConsumer(from, sink));
  }

  private WalContent readWith(Function<SnapshotNote, Replay> replays) {
    lock.lock();
    try {
      checkOpen();
      if (unread == null) {
        throw new IllegalStateException("wal: decoder not found: the log was read already");
      }
      UnreadLog log = unread;
      unread = null;
      Replay replay = replays.apply(log.from());
      try {
        WalContent content = log.read(replay);
        chain =
            SegmentChain.resume(
                disk, directory, options, log.segments(), content, replay.lastIndex());
        return content;
      } catch (RuntimeException | Error e) {
        log.close();
        poison(e);
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Saves entries and a hard state behind them. They are durable on return when there is an entry,
   * or a new term or vote; a new commit index alone is not worth a sync.
   *
   * @param state not written when it is {@link HardState#EMPTY}
   * @param entries in order: each index at most one above the one before it, be it in the list or
   *     in the log, and not 0
   * @throws StorageException {@code limit} for a gap and for an entry of 10 MiB, with no effect;
   *     {@code closed}; else as the disk's calls, and from then on always
   */
  public void save(HardState state, List<Entry> entries) {
    boolean mustSync;
    long mark;
    lock.lock();
    try {
      checkReady();
      mustSync = chain.mustSync(state, entries);
      mark = appendLocked(state, entries);
    } finally {
      lock.unlock();
    }
    if (mustSync) {
      sync(mark);
    }
  }

  /**
   * Appends entries and a hard state behind them, as {@link #save} does, but without waiting for
   * them to be durable. A segment that is full is ended, which waits for its syncs.
   *
   * @param state not written when it is {@link HardState#EMPTY}
   * @param entries as those of {@link #save}
   * @return for {@link #sync(long)}
   * @throws StorageException as {@link #save}
   */
  public long append(HardState state, List<Entry> entries) {
    lock.lock();
    try {
      checkReady();
      return appendLocked(state, entries);
    } finally {
      lock.unlock();
    }
  }

  private long appendLocked(HardState state, List<Entry> entries) {
    if (entries.isEmpty() && state.equals(HardState.EMPTY)) {
      return appended;
    }
    chain.check(entries);
    try {
      chain.append(state, entries);
      long mark = ++appended;
      cutWhenFull();
      return mark;
    } catch (RuntimeException | Error e) {
      poison(e);
      throw e;
    }
  }

  /** Waits for a sync that goes on, as the segment that it syncs is to be ended. */
  private void cutWhenFull() {
    while (syncing && chain.isFull()) {
      syncEnded.awaitUninterruptibly();
      checkNotFailed();
    }
    // Whoever has closed the log meanwhile has synced it.
    if (!closed && chain.isFull()) {
      chain.cut();
      madeDurable(appended);
    }
  }

  /**
   * Notes that a snapshot was written, which must be durable by then. Durable on return.
   *
   * @param snapshot of which one; etcd 3.5 and later need its configuration
   * @throws StorageException {@code closed}; else as the disk's calls, and from then on always
   */
  public void saveSnapshot(SnapshotNote snapshot) {
    long mark;
    lock.lock();
    try {
      checkReady();
      mark = appendLocked(snapshot);
    } finally {
      lock.unlock();
    }
    sync(mark);
  }

  private long appendLocked(SnapshotNote snapshot) {
    try {
      chain.append(snapshot);
      return ++appended;
    } catch (RuntimeException | Error e) {
      poison(e);
      throw e;
    }
  }

  /**
   * Makes everything durable that was appended so far.
   *
   * @throws StorageException {@code closed}; else as the disk's calls, and from then on always
   */
  public void sync() {
    long mark;
    lock.lock();
    try {
      checkReady();
      mark = appended;
    } finally {
      lock.unlock();
    }
    sync(mark);
  }

  /**
   * Makes durable what was appended up to some call, and all before it. One thread syncs for those
   * that wait meanwhile.
   *
   * @param mark what {@link #append} has returned
   * @throws StorageException {@code closed}; else as the disk's calls, and from then on always
   */
  public void sync(long mark) {
    lock.lock();
    try {
      while (durable < mark) {
        checkNotFailed();
        if (closed) {
          throw isClosed();
        }
        if (syncing) {
          syncEnded.awaitUninterruptibly();
        } else {
          syncForAll();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of the lock while it syncs, so that others append for the next one. */
  private void syncForAll() {
    syncing = true;
    try {
      SegmentTail tail = chain.flushed();
      long target = appended;
      lock.unlock();
      try {
        tail.sync();
      } finally {
        lock.lock();
      }
      madeDurable(target);
    } catch (RuntimeException | Error e) {
      poison(e);
      throw e;
    } finally {
      syncing = false;
      syncEnded.signalAll();
    }
  }

  private void madeDurable(long target) {
    durable = Math.max(durable, target);
    syncEnded.signalAll();
  }

  /**
   * Lets those segments be {@linkplain #purge purged} that hold nothing behind an entry: all before
   * the newest one that begins before it.
   *
   * @param index of a snapshot that is durable and noted
   * @throws StorageException {@code closed}, or an earlier failure
   */
  public void release(long index) {
    lock.lock();
    try {
      checkReady();
      chain.releaseTo(index);
    } finally {
      lock.unlock();
    }
  }

  /** Keeps what every later call will throw. */
  private void poison(Throwable thrown) {
    if (failure == null) {
      failure =
          thrown instanceof StorageException known
              ? known
              : StorageException.of(
                  Code.IO, directory, "a write has failed before; open the log anew", thrown);
      syncEnded.signalAll();
    }
  }

  private void checkReady() {
    checkOpen();
    if (chain == null) {
      throw new IllegalStateException("the log must be read before it is written");
    }
  }

  private void checkOpen() {
    if (closing) {
      throw isClosed();
    }
    checkNotFailed();
  }

  private void checkNotFailed() {
    if (failure != null) {
      throw failure.again();
    }
  }

  private StorageException isClosed() {
    return StorageException.of(Code.CLOSED, directory, "the log is closed");
  }

  /**
   * Makes durable what was appended, unless something has failed, and gives the locks back.
   * Idempotent, from any thread.
   *
   * @throws StorageException when that sync fails; everything is closed nevertheless
   */
  @Override
  public void close() {
    lock.lock();
    try {
      boolean first = !closing;
      closing = true;
      try {
        if (first && chain != null && failure == null) {
          sync(appended);
        }
      } finally {
        letGo();
      }
    } finally {
      lock.unlock();
    }
  }

  private void letGo() {
    while (syncing) {
      syncEnded.awaitUninterruptibly();
    }
    closed = true;
    if (unread != null) {
      unread.close();
      unread = null;
    }
    if (chain != null) {
      chain.close();
      chain = null;
    }
    syncEnded.signalAll();
  }
}
