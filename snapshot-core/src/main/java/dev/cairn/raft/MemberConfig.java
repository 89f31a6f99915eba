package dev.cairn.raft;

import dev.cairn.etcd.EtcdApplied;
import dev.cairn.etcd.NewCluster;
import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.StorageException;
import dev.cairn.store.StoreConfig;
import dev.cairn.wal.WalOptions;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** How a member's directory is opened. Immutable; every {@code with} returns a changed copy. */
public final class MemberConfig {
  private final Engine engine;
  private Optional<NewCluster> firstStart = Optional.empty();
  private BackendConfig backend = BackendConfig.defaults().withDurability(Durability.RELAXED);
  private UnaryOperator<StoreConfig> storeOptions = UnaryOperator.identity();
  private WalOptions wal = WalOptions.defaults();
  private Disk disk = LocalDisk.INSTANCE;
  private long snapshotCount = 10_000;
  private long catchUpEntries = 5_000;
  private int filesKept = 5;
  private long lockWaitMillisMax = 10_000;

  private MemberConfig(Engine engine) {
    this.engine = engine;
  }

  /**
   * The defaults, with an engine.
   *
   * @param name an engine on the class path; a database that is there and belongs to another one is
   *     opened by that
   * @return a member with commits that its log makes up for: {@code RELAXED}
   * @throws StorageException {@code not-found}, naming the engines that are there
   */
  public static MemberConfig engine(String name) {
    return engine(Engines.named(name));
  }

  /**
   * The same with an engine that need not be on the class path.
   *
   * @param engine of a database that is made, and of one that it recognises
   * @return the defaults
   */
  public static MemberConfig engine(Engine engine) {
    return new MemberConfig(engine);
  }

  /**
   * The same with what a first start makes where there is no member yet.
   *
   * @param cluster which cluster, and which of its members
   * @return a changed copy
   */
  public MemberConfig withFirstStart(NewCluster cluster) {
    MemberConfig changed = copy();
    changed.firstStart = Optional.of(cluster);
    return changed;
  }

  /**
   * The same with another configuration of the backend.
   *
   * @param newBackend durability, pin limits, engine options; its access counts for nothing
   * @return a changed copy
   */
  public MemberConfig withBackend(BackendConfig newBackend) {
    MemberConfig changed = copy();
    changed.backend = newBackend;
    return changed;
  }

  /**
   * The same with more of the store, such as its hooks or a listener.
   *
   * @param options changes what is given to it; engine, backend, disk and applied position stand
   * @return a changed copy
   */
  public MemberConfig withStore(UnaryOperator<StoreConfig> options) {
    MemberConfig changed = copy();
    changed.storeOptions = options;
    return changed;
  }

  /**
   * The same with another log.
   *
   * @param options how it is written
   * @return a changed copy
   */
  public MemberConfig withWal(WalOptions options) {
    MemberConfig changed = copy();
    changed.wal = options;
    return changed;
  }

  /**
   * The same on other files. The engine has a disk of its own and must be given the same.
   *
   * @param newDisk where
   * @return a changed copy
   */
  public MemberConfig withDisk(Disk newDisk) {
    MemberConfig changed = copy();
    changed.disk = newDisk;
    return changed;
  }

  /**
   * The same with snapshots more or less often.
   *
   * @param entries after more than so many applied ones the next snapshot is made; 10,000 unless
   *     changed, at least 1
   * @return a changed copy
   */
  public MemberConfig withSnapshotCount(long entries) {
    MemberConfig changed = copy();
    changed.snapshotCount = atLeast(1, entries, "snapshotCount");
    return changed;
  }

  /**
   * The same with more or fewer entries kept for members that lag behind.
   *
   * @param entries so many before a snapshot stay in memory; 5,000 unless changed, 0 or more
   * @return a changed copy
   */
  public MemberConfig withCatchUpEntries(long entries) {
    MemberConfig changed = copy();
    changed.catchUpEntries = atLeast(0, entries, "catchUpEntries");
    return changed;
  }

  /**
   * The same with more or fewer old files kept.
   *
   * @param files of each kind, by name: snapshots, images, segments of the log; 5 unless changed,
   *     at least 1
   * @return a changed copy
   */
  public MemberConfig withFilesKept(int files) {
    MemberConfig changed = copy();
    changed.filesKept = (int) atLeast(1, files, "filesKept");
    return changed;
  }

  /**
   * The same with more or less patience for who has the database open.
   *
   * @param millis 10,000 unless changed; 0 for a command, which does not wait
   * @return a changed copy
   */
  public MemberConfig withLockWaitMillisMax(long millis) {
    MemberConfig changed = copy();
    changed.lockWaitMillisMax = atLeast(0, millis, "lockWaitMillisMax");
    return changed;
  }

  private static long atLeast(long least, long value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is at least " + least + ", not " + value);
    }
    return value;
  }

  private MemberConfig copy() {
    MemberConfig same = new MemberConfig(engine);
    same.firstStart = firstStart;
    same.backend = backend;
    same.storeOptions = storeOptions;
    same.wal = wal;
    same.disk = disk;
    same.snapshotCount = snapshotCount;
    same.catchUpEntries = catchUpEntries;
    same.filesKept = filesKept;
    same.lockWaitMillisMax = lockWaitMillisMax;
    return same;
  }

  Engine engine() {
    return engine;
  }

  Optional<NewCluster> firstStart() {
    return firstStart;
  }

  /** Of a database that is there. */
  BackendConfig backend() {
    return backend.withAccess(Access.READ_WRITE);
  }

  /** Of a database that is made, to be whole before anything else is. */
  BackendConfig firstBackend() {
    return backend.withAccess(Access.READ_WRITE_CREATE).withDurability(Durability.SYNC);
  }

  boolean isRelaxed() {
    return backend.durability() == Durability.RELAXED;
  }

  StoreConfig store(Engine storeEngine, BackendConfig storeBackend) {
    return storeOptions
        .apply(StoreConfig.existing())
        .withEngine(storeEngine)
        .withBackend(storeBackend)
        .withAppliedCodec(new EtcdApplied())
        .withDisk(disk);
  }

  WalOptions wal() {
    return wal;
  }

  Disk disk() {
    return disk;
  }

  long snapshotCount() {
    return snapshotCount;
  }

  long catchUpEntries() {
    return catchUpEntries;
  }

  int filesKept() {
    return filesKept;
  }

  long lockWaitMillisMax() {
    return lockWaitMillisMax;
  }
}
