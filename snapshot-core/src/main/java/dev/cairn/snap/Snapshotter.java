package dev.cairn.snap;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.wal.SnapshotNote;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A member's directory of snapshots: the {@code .snap} files that raft needs, and the images that
 * leaders sent, {@code .snap.db}. Whatever is there under its name is whole, also after a power
 * cut.
 *
 * <p>Belongs to one process at a time, whose lock of the database beside it is enough. Thread-safe;
 * it holds nothing open between calls. Failures of the disk are passed on as they are, and leave
 * what was there before.
 */
public final class Snapshotter {
  private static final Logger LOG = System.getLogger(Snapshotter.class.getName());

  /** By which a log and a file know each other. */
  private record Key(long index, long term) {}

  private final Disk disk;
  private final Path directory;
  private final AtomicLong received = new AtomicLong();

  private Snapshotter(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /**
   * Opens a directory, and removes what an unfinished save or receipt has left in it: files named
   * {@code tmp*}, {@code db.tmp*} and {@code *.snap.part}.
   *
   * @param disk where
   * @param directory an existing one; etcd's is {@code member/snap}
   * @return nothing to be closed
   * @throws StorageException {@code not-found} without the directory, else as the disk's calls
   */
  public static Snapshotter open(Disk disk, Path directory) {
    Path absolute = directory.toAbsolutePath();
    for (Path file : disk.list(absolute)) {
      if (SnapNames.isOrphan(file) && !disk.isDirectory(file)) {
        disk.delete(file);
      }
    }
    return new Snapshotter(disk, absolute);
  }

  /**
   * Saves what raft needs of a snapshot, durable when this returns. The note in the log comes after
   * it: a power cut between the two leaves a file that {@link #loadNewest} passes over.
   *
   * @param snapshot not changed
   * @return the file, which replaces one of the same name; none for a snapshot of nothing
   * @throws StorageException as the disk's calls; {@code locked} when the same one is being saved
   */
  public Optional<Path> save(RaftSnapshot snapshot) {
    return snapshot.index() == 0
        ? Optional.empty()
        : Optional.of(SnapFile.write(disk, directory, snapshot));
  }

  /**
   * Loads the newest snapshot that can be read, whether the log knows it or not. A damaged file on
   * the way to it is renamed to {@code <name>.broken}; one that cannot be read for any other reason
   * is not, and ends the search.
   *
   * @return empty when there is none (etcd's {@code snap: no available snapshot}, where a member
   *     starts from its log alone)
   * @throws StorageException as the disk's calls; {@code limit} as {@link SnapFile#read}
   */
  public Optional<RaftSnapshot> load() {
    return newest(snapshot -> true);
  }

  /**
   * Loads the newest snapshot that can be read and that the log knows. Others are passed over;
   * damaged ones are renamed as {@link #load} does.
   *
   * @param known what the log notes up to its last commit; index and term are compared with those
   *     in the files, not with their names
   * @return empty when there is none
   * @throws StorageException as {@link #load}
   */
  public Optional<RaftSnapshot> loadNewest(Collection<SnapshotNote> known) {
    Set<Key> keys = new HashSet<>();
    known.forEach(note -> keys.add(new Key(note.index(), note.term())));
    return newest(snapshot -> keys.contains(new Key(snapshot.index(), snapshot.term())));
  }

  /** By name, so by term and then by index, from the last one on. */
  private Optional<RaftSnapshot> newest(Predicate<RaftSnapshot> wanted) {
    List<Path> files = disk.list(directory);
    for (int i = files.size() - 1; i >= 0; i--) {
      if (SnapNames.endsAsSnap(files.get(i))) {
        Optional<RaftSnapshot> snapshot = readOrSetAside(files.get(i)).filter(wanted);
        if (snapshot.isPresent()) {
          return snapshot;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<RaftSnapshot> readOrSetAside(Path file) {
    try {
      return Optional.of(SnapFile.read(disk, file));
    } catch (StorageException e) {
      if (e.code() != Code.CORRUPT) {
        throw e;
      }
      Path broken = file.resolveSibling(file.getFileName() + SnapNames.BROKEN_SUFFIX);
      LOG.log(Level.WARNING, e.getMessage() + "; renamed to " + broken.getFileName());
      disk.rename(file, broken);
      return Optional.empty();
    }
  }

  /**
   * Saves an image that comes in, durable when this returns. Until then it has a name that the next
   * {@link #open} removes. When there is one of that index already it stays, and what came is
   * dropped: both hold the state of the same entry.
   *
   * @param in blocking; exactly the image is read from it
   * @param imageBytes how long it is
   * @param index of the last entry that it holds
   * @return the {@code .snap.db} of that index
   * @throws IOException what {@code in} threw; nothing is left of the image
   * @throws StorageException {@code unavailable} when {@code in} ends before; {@code corrupt} for a
   *     size that is no positive multiple of 512; {@code full}, before anything is read where the
   *     disk says so; else as the disk's calls. Nothing is left of the image
   */
  public Path receive(ReadableByteChannel in, long imageBytes, long index) throws IOException {
    ImageSize.check(imageBytes);
    long freeBytes = disk.freeBytes(directory);
    if (imageBytes > freeBytes) {
      throw StorageException.of(
          Code.FULL,
          directory,
          "has room for %d bytes, the image has %d; make room and have it sent again"
              .formatted(freeBytes, imageBytes));
    }
    try (IncomingImage image = incoming(index)) {
      image.takeExactly(in, imageBytes);
      return publish(image, index);
    }
  }

  /**
   * Saves an image whose size nobody said, as {@link #receive} does.
   *
   * @param in blocking; read to its end, and must throw where the image is broken off
   * @param index of the last entry that it holds
   * @return the {@code .snap.db} of that index
   * @throws IOException what {@code in} threw; nothing is left of the image
   * @throws StorageException as {@link #receive}, but never {@code unavailable}
   */
  public Path receiveToEnd(ReadableByteChannel in, long index) throws IOException {
    try (IncomingImage image = incoming(index)) {
      image.takeAll(in);
      return publish(image, index);
    }
  }

  private IncomingImage incoming(long index) {
    String name = SnapNames.temporary(index, received.incrementAndGet());
    return new IncomingImage(disk, directory.resolve(name));
  }

  private Path publish(IncomingImage image, long index) {
    Path target = databasePath(index);
    image.publish(target);
    return target;
  }

  private Path databasePath(long index) {
    return directory.resolve(SnapNames.database(index));
  }

  /**
   * The image that came with a snapshot.
   *
   * @param index of the last entry that it holds
   * @return its {@code .snap.db}, to be opened, or renamed to become the database
   * @throws StorageException {@code not-found}, with etcd's text, when there is none
   */
  public Path database(long index) {
    Path file = databasePath(index);
    if (!disk.exists(file)) {
      throw StorageException.of(Code.NOT_FOUND, file, "snap: snapshot file doesn't exist");
    }
    return file;
  }

  /**
   * Deletes the images that are older than a snapshot. After a power cut they may be back.
   *
   * @param index of the snapshot, which the log notes and the database holds; its own image stays
   * @return what was deleted
   * @throws StorageException as the disk's calls; the rest is then still there
   */
  public List<Path> release(long index) {
    List<Path> released = new ArrayList<>();
    for (Path file : disk.list(directory)) {
      OptionalLong of = SnapNames.databaseIndex(file);
      if (of.isPresent() && Long.compareUnsigned(of.getAsLong(), index) < 0) {
        disk.delete(file);
        released.add(file);
      }
    }
    return released;
  }

  /**
   * Deletes old files of both kinds, oldest names first, as long as there are more of the kind than
   * are to be kept, but none of a snapshot that is still needed. Files with other names are not
   * counted. After a power cut they may be back.
   *
   * @param keep how many of each kind, at least 1; etcd's default is 5
   * @param neededIndex of the snapshot that a start would begin from, the newest that the log
   *     notes; files of this index or newer ones stay
   * @return what was deleted
   * @throws StorageException as the disk's calls; the rest is then still there
   */
  public List<Path> purge(int keep, long neededIndex) {
    if (keep < 1) {
      throw new IllegalArgumentException("keep " + keep + " snapshots");
    }
    List<Path> files = disk.list(directory);
    List<Path> purged = new ArrayList<>(purge(files, SnapNames::databaseIndex, keep, neededIndex));
    purged.addAll(purge(files, SnapNames::snapIndex, keep, neededIndex));
    return purged;
  }

  private List<Path> purge(
      List<Path> files, Function<Path, OptionalLong> indexOf, int keep, long neededIndex) {
    List<Path> ofKind = files.stream().filter(file -> indexOf.apply(file).isPresent()).toList();
    List<Path> purged = new ArrayList<>();
    for (Path file : ofKind.subList(0, Math.max(0, ofKind.size() - keep))) {
      if (Long.compareUnsigned(indexOf.apply(file).getAsLong(), neededIndex) >= 0) {
        break;
      }
      disk.delete(file);
      purged.add(file);
    }
    return purged;
  }
}
