package dev.cairn.testkit;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A disk in memory that knows what a power cut may take: {@link #afterPowerCut} gives one of the
 * states that it may leave, drawn at random.
 *
 * <ul>
 *   <li>Of a file's changes since its last sync each sector of 512 bytes keeps or loses what it was
 *       given, whatever the others do: writes are kept, lost, torn and reordered. The length is one
 *       of those the file had.
 *   <li>Creations, renames and deletions that no sync of their directory has made durable are kept
 *       or lost, each by itself, except that none is kept which builds on a lost one.
 *   <li>Locks are gone.
 * </ul>
 *
 * <p>Every operation that changes something is counted, so that a test can cut after each of them,
 * and can be made to fail, or to claim a sync that it did not do. Thread-safe; a listener and a
 * condition run under the disk's monitor and must not wait for another thread that uses it. No
 * permissions and no symbolic links.
 */
public final class SimulatedDisk implements Disk {
  /** What goes wrong with an operation. */
  public enum Fault {
    /** It fails with {@code io}. A write may have been done in part; a sync loses for good. */
    IO,
    /** It fails with {@code full}. A write may have been done in part. */
    FULL,
    /** It returns as if done, and nothing was. For syncs. */
    IGNORE
  }

  private static final long FREE_BYTES = 1L << 40;

  private final SplittableRandom random;
  private final SimulatedNames names;
  private final SimulatedLocks locks = new SimulatedLocks(this);
  private final SimulatedFaults faults = new SimulatedFaults();
  private final Set<SimulatedFile> openFiles = new HashSet<>();
  private Consumer<DiskOperation> listener = operation -> {};
  private long operations;
  private long operationsMax = Long.MAX_VALUE;
  private long capacityBytes = Long.MAX_VALUE;
  private boolean cut;

  /**
   * An empty disk: one durable directory, the root.
   *
   * @param seed of what it draws by itself: how much of a failing write is done
   */
  public SimulatedDisk(long seed) {
    this(new SplittableRandom(seed), new SimulatedNames());
  }

  private SimulatedDisk(SplittableRandom random, SimulatedNames names) {
    this.random = random;
    this.names = names;
  }

  /**
   * How many operations have changed something or tried to.
   *
   * @return 0 or more
   */
  public synchronized long operations() {
    return operations;
  }

  /**
   * Cuts the power once that many operations are done: the next one throws {@link PowerCut}, and so
   * does every call after it; only closing does not.
   *
   * @param operation how many may be done, counted from this disk's start; 0 or more
   */
  public synchronized void cutAfter(long operation) {
    operationsMax = operation;
  }

  /**
   * Whether a call has met the cut.
   *
   * @return true from the first {@link PowerCut} on
   */
  public synchronized boolean isCut() {
    return cut;
  }

  /**
   * One of the states that a power cut at this moment may leave, as a disk of its own: nothing
   * open, nothing locked, no faults, no cut, operations counted from 0.
   *
   * @param drawn decides which state
   * @return a new disk, on which everything is durable
   */
  public synchronized SimulatedDisk afterPowerCut(SplittableRandom drawn) {
    return new SimulatedDisk(drawn.split(), names.afterPowerCut(drawn));
  }

  /**
   * The same disk once more, unsynced changes included; nothing open or locked, no faults. Cheap.
   *
   * @return a new disk that shares nothing which changes
   */
  public synchronized SimulatedDisk copy() {
    SimulatedDisk copy = new SimulatedDisk(random.split(), names.copy());
    copy.capacityBytes = capacityBytes;
    return copy;
  }

  /** Makes everything durable, as if it had always been there. Not counted. */
  public synchronized void settle() {
    names.settle();
  }

  /**
   * Makes a directory and its parents where they are absent, durable and not counted.
   *
   * @param directory the path
   */
  public synchronized void makeDirectories(Path directory) {
    Path at = absolute(directory).getRoot();
    for (Path name : absolute(directory)) {
      at = at.resolve(name);
      if (names.find(at) == null) {
        names.put(at, new SimulatedDirectory());
        names.sync(names.parent(at));
      }
    }
  }

  /**
   * The bytes of a file; no fault meets it and it is not counted.
   *
   * @param file an existing file of less than 2 GiB
   * @return a fresh array
   */
  public synchronized byte[] bytes(Path file) {
    SimulatedContent content = content(absolute(file));
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(content.lengthBytes()));
    content.read(0, bytes);
    return bytes.array();
  }

  /**
   * Sets who hears of each operation before it is done, on the thread that does it.
   *
   * @param newListener may call {@link #copy()} and {@link DiskOperation#site}
   */
  public synchronized void listen(Consumer<DiskOperation> newListener) {
    listener = newListener;
  }

  /**
   * Makes operations go wrong, from now on. Of several rules the first that fits decides.
   *
   * @param when which ones, asked before each; runs on the thread that does it
   * @param fault what happens to them
   * @return this
   */
  public synchronized SimulatedDisk inject(Predicate<DiskOperation> when, Fault fault) {
    faults.add(when, fault);
    return this;
  }

  /** Forgets every fault; the capacity stays. */
  public synchronized void clearFaults() {
    faults.clear();
  }

  /**
   * Makes the syncs of some files fail with {@code io}.
   *
   * @param files which ones, by absolute path
   * @return this
   */
  public SimulatedDisk failSyncs(Predicate<Path> files) {
    return inject(each -> each.kind() == Kind.SYNC && files.test(each.path()), Fault.IO);
  }

  /**
   * Makes one operation of a kind go wrong.
   *
   * @param kind of which kind
   * @param number which one of that kind since this disk's start, from 1
   * @param fault what happens to it
   * @return this
   */
  public SimulatedDisk failNth(Kind kind, long number, Fault fault) {
    return inject(each -> each.kind() == kind && each.numberOfKind() == number, fault);
  }

  /**
   * Pretends to sync some files.
   *
   * @param files which ones, by absolute path
   * @return this
   */
  public SimulatedDisk ignoreSyncs(Predicate<Path> files) {
    return inject(each -> each.kind() == Kind.SYNC && files.test(each.path()), Fault.IGNORE);
  }

  /**
   * Pretends one sync of a file.
   *
   * @param number which one, from 1
   * @return this
   */
  public SimulatedDisk ignoreNthSync(long number) {
    return failNth(Kind.SYNC, number, Fault.IGNORE);
  }

  /**
   * Pretends to sync directories.
   *
   * @return this
   */
  public SimulatedDisk ignoreDirectorySyncs() {
    return inject(each -> each.kind() == Kind.SYNC_DIRECTORY, Fault.IGNORE);
  }

  /**
   * Bounds what all files may take, in whole pages of 4096; what does not fit fails with {@code
   * full}.
   *
   * @param bytes 0 or more
   * @return this
   */
  public synchronized SimulatedDisk capacityBytes(long bytes) {
    capacityBytes = bytes;
    return this;
  }

  /**
   * The files that were opened and not closed.
   *
   * @return their paths as opened, in order
   */
  public synchronized List<Path> openFiles() {
    return openFiles.stream().map(DiskFile::path).sorted().toList();
  }

  @Override
  public synchronized DiskFile open(Path path, Mode mode) {
    checkPower();
    Path file = absolute(path);
    SimulatedNode node = names.find(file);
    if (node != null && mode.isNew()) {
      throw StorageException.of(Code.EXISTS, path, "exists already");
    }
    if (node instanceof SimulatedDirectory) {
      throw StorageException.of(Code.IO, path, "is a directory, not a file");
    }
    if (node == null && (mode == Mode.CREATE || mode.isNew())) {
      checkParent(file);
      perform(Kind.CREATE, file, "cannot be made", () -> names.put(file, new SimulatedContent()));
    }
    SimulatedFile opened = new SimulatedFile(this, path, content(file), mode != Mode.READ);
    openFiles.add(opened);
    return opened;
  }

  @Override
  public synchronized boolean exists(Path path) {
    checkPower();
    return names.find(absolute(path)) != null;
  }

  @Override
  public synchronized boolean isDirectory(Path path) {
    checkPower();
    return names.find(absolute(path)) instanceof SimulatedDirectory;
  }

  @Override
  public synchronized long sizeBytes(Path path) {
    checkPower();
    return content(absolute(path)).lengthBytes();
  }

  @Override
  public synchronized void rename(Path from, Path to) {
    checkPower();
    Path source = absolute(from);
    Path target = absolute(to);
    SimulatedNode node = node(source);
    checkParent(target);
    SimulatedNode replaced = names.find(target);
    boolean fits =
        replaced == null
            || (node instanceof SimulatedDirectory
                ? replaced instanceof SimulatedDirectory empty && empty.seen.isEmpty()
                : replaced instanceof SimulatedContent);
    if (!fits || (target.startsWith(source) && !target.equals(source))) {
      throw StorageException.of(Code.IO, from, "cannot be renamed to " + to);
    }
    if (node != replaced) {
      perform(
          Kind.RENAME, source, "cannot be renamed to " + to, () -> names.rename(source, target));
    }
  }

  @Override
  public synchronized void renameNew(Path from, Path to) {
    checkPower();
    Path source = absolute(from);
    Path target = absolute(to);
    SimulatedContent file = content(source);
    checkParent(target);
    if (names.find(target) != null) {
      throw StorageException.of(Code.EXISTS, to, "exists already");
    }
    perform(
        Kind.RENAME,
        source,
        "cannot be renamed to " + to,
        () -> names.linkThenUnlink(source, target));
  }

  @Override
  public synchronized void delete(Path path) {
    checkPower();
    Path absolute = absolute(path);
    SimulatedNode node = names.find(absolute);
    if (node instanceof SimulatedDirectory directory && !directory.seen.isEmpty()) {
      throw StorageException.of(Code.EXISTS, path, "cannot be deleted: it is not empty");
    }
    if (node != null) {
      perform(Kind.DELETE, absolute, "cannot be deleted", () -> names.remove(absolute));
    }
  }

  @Override
  public synchronized List<Path> list(Path directory) {
    checkPower();
    List<Path> paths = new ArrayList<>();
    directory(absolute(directory))
        .seen
        .keySet()
        .forEach(each -> paths.add(directory.resolve(each)));
    return List.copyOf(paths);
  }

  @Override
  public synchronized void createDirectory(Path directory) {
    checkPower();
    Path path = absolute(directory);
    if (names.find(path) != null) {
      throw StorageException.of(Code.EXISTS, directory, "exists already");
    }
    checkParent(path);
    perform(
        Kind.CREATE_DIRECTORY,
        path,
        "cannot be made",
        () -> names.put(path, new SimulatedDirectory()));
  }

  @Override
  public synchronized void syncDirectory(Path directory) {
    checkPower();
    SimulatedDirectory node = directory(absolute(directory));
    perform(Kind.SYNC_DIRECTORY, directory, "cannot be synced", () -> names.sync(node));
  }

  @Override
  public synchronized DiskLock lock(Path file, boolean shared) {
    checkPower();
    return locks.lock(file, content(absolute(file)), shared);
  }

  @Override
  public synchronized long freeBytes(Path directory) {
    checkPower();
    directory(absolute(directory));
    return capacityBytes == Long.MAX_VALUE
        ? FREE_BYTES
        : Math.max(0, capacityBytes - names.allocatedBytes());
  }

  int read(Path path, SimulatedContent content, long offsetBytes, ByteBuffer into) {
    DiskOperation read = new DiskOperation(Kind.READ, absolute(path), 0, faults.count(Kind.READ));
    if (faults.of(read) != null) {
      throw StorageException.of(Code.IO, path, "cannot be read at byte " + offsetBytes);
    }
    return content.read(offsetBytes, into);
  }

  void write(Path path, SimulatedContent content, long offsetBytes, ByteBuffer from) {
    DiskOperation operation = begin(Kind.WRITE, path);
    Fault fault = faults.of(operation);
    if (fault == null && !hasRoom(content, offsetBytes, from.remaining())) {
      fault = Fault.FULL;
    }
    if (fault == null) {
      store(content, offsetBytes, from, from.remaining());
    } else if (fault == Fault.IGNORE) {
      from.position(from.limit());
    } else {
      int part = random.nextInt(from.remaining());
      store(content, offsetBytes, from, hasRoom(content, offsetBytes, part) ? part : 0);
    }
    fail(operation, fault, "cannot be written at byte " + offsetBytes);
  }

  private boolean hasRoom(SimulatedContent content, long offsetBytes, int count) {
    return capacityBytes == Long.MAX_VALUE
        || names.allocatedBytes() + content.missingBytes(offsetBytes, count) <= capacityBytes;
  }

  private static void store(SimulatedContent content, long at, ByteBuffer from, int count) {
    if (count > 0) {
      byte[] bytes = new byte[count];
      from.get(bytes);
      content.write(at, bytes);
    }
  }

  void setLength(Path path, SimulatedContent content, long lengthBytes) {
    perform(
        Kind.SET_LENGTH,
        path,
        "cannot be set to " + lengthBytes + " bytes",
        () -> content.setLength(lengthBytes));
  }

  void sync(Path path, SimulatedContent content) {
    DiskOperation operation = begin(Kind.SYNC, path);
    Fault fault = faults.of(operation);
    if (fault == null) {
      content.sync();
    } else if (fault != Fault.IGNORE) {
      content.failSync();
    }
    fail(operation, fault, "cannot be synced");
  }

  private void perform(Kind kind, Path path, String failure, Runnable effect) {
    DiskOperation operation = begin(kind, path);
    Fault fault = faults.of(operation);
    if (fault == null) {
      effect.run();
    }
    fail(operation, fault, failure);
  }

  private DiskOperation begin(Kind kind, Path path) {
    if (operations >= operationsMax) {
      cut = true;
    }
    checkPower();
    DiskOperation operation =
        new DiskOperation(kind, absolute(path), operations + 1, faults.count(kind));
    listener.accept(operation);
    operations++;
    return operation;
  }

  private static void fail(DiskOperation operation, Fault fault, String failure) {
    if (fault == Fault.IO) {
      throw StorageException.of(Code.IO, operation.path(), failure + ": simulated failure");
    }
    if (fault == Fault.FULL) {
      throw StorageException.of(
          Code.FULL, operation.path(), failure + ": no space left on the device");
    }
  }

  void checkPower() {
    if (cut) {
      throw new PowerCut(operations);
    }
  }

  void closed(SimulatedFile file) {
    openFiles.remove(file);
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private SimulatedNode node(Path absolute) {
    SimulatedNode node = names.find(absolute);
    if (node == null) {
      throw StorageException.of(Code.NOT_FOUND, absolute, "no such file or directory");
    }
    return node;
  }

  private SimulatedContent content(Path absolute) {
    if (node(absolute) instanceof SimulatedContent content) {
      return content;
    }
    throw StorageException.of(Code.IO, absolute, "is a directory, not a file");
  }

  private SimulatedDirectory directory(Path absolute) {
    if (node(absolute) instanceof SimulatedDirectory directory) {
      return directory;
    }
    throw StorageException.of(Code.IO, absolute, "is not a directory");
  }

  private void checkParent(Path absolute) {
    if (names.parent(absolute) == null) {
      throw StorageException.of(Code.NOT_FOUND, absolute, "no such file or directory");
    }
  }
}
