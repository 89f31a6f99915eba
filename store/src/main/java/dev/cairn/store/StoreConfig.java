package dev.cairn.store;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendListener;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a store is opened. Immutable; every {@code with} returns a changed copy. */
public final class StoreConfig {
  private Engine engine;
  private BackendConfig backend = BackendConfig.defaults();
  private CommitPolicy commitPolicy = CommitPolicy.immediate();
  private AppliedCodec appliedCodec;
  private StoreListener listener = StoreListener.NONE;
  private List<CommitHook> hooks = List.of();
  private Disk disk = LocalDisk.INSTANCE;

  private StoreConfig() {}

  /**
   * The store is made where it is absent, and opened by this engine where it is there.
   *
   * @param name an engine on the class path
   * @return the defaults with that engine
   * @throws dev.cairn.spi.StorageException {@code not-found}, naming the engines that are there
   */
  public static StoreConfig engine(String name) {
    return new StoreConfig().withEngine(Engines.named(name));
  }

  /**
   * The store must be there, and tells its own engine by its first bytes.
   *
   * @return the defaults for an existing store
   */
  public static StoreConfig existing() {
    return new StoreConfig()
        .withBackend(BackendConfig.defaults().withAccess(BackendConfig.Access.READ_WRITE));
  }

  /**
   * The same with an engine that need not be on the class path.
   *
   * @param newEngine opens the store, whatever its first bytes say
   * @return a changed copy
   */
  public StoreConfig withEngine(Engine newEngine) {
    StoreConfig changed = copy();
    changed.engine = newEngine;
    return changed;
  }

  /**
   * The same with another configuration of the backend.
   *
   * @param newBackend access, durability, pin limits, engine options
   * @return a changed copy
   */
  public StoreConfig withBackend(BackendConfig newBackend) {
    StoreConfig changed = copy();
    changed.backend = newBackend;
    return changed;
  }

  /**
   * The same with another commit policy.
   *
   * @param newPolicy when an update becomes durable
   * @return a changed copy
   */
  public StoreConfig withCommitPolicy(CommitPolicy newPolicy) {
    StoreConfig changed = copy();
    changed.commitPolicy = newPolicy;
    return changed;
  }

  /**
   * The same with a place for the applied position.
   *
   * @param codec writes and reads it
   * @return a changed copy
   */
  public StoreConfig withAppliedCodec(AppliedCodec codec) {
    StoreConfig changed = copy();
    changed.appliedCodec = codec;
    return changed;
  }

  /**
   * The same with a listener. It also hears of long pins, unless the backend's configuration has a
   * listener of its own.
   *
   * @param newListener hears what the store does
   * @return a changed copy
   */
  public StoreConfig withListener(StoreListener newListener) {
    StoreConfig changed = copy();
    changed.listener = newListener;
    return changed;
  }

  /**
   * The same with one more hook; hooks run in the order they were given.
   *
   * @param hook adds to each commit
   * @return a changed copy
   */
  public StoreConfig withHook(CommitHook hook) {
    StoreConfig changed = copy();
    List<CommitHook> more = new ArrayList<>(hooks);
    more.add(hook);
    changed.hooks = List.copyOf(more);
    return changed;
  }

  /**
   * The same on other files. The engine has a disk of its own and must be given the same.
   *
   * @param newDisk where the store's files are renamed and removed
   * @return a changed copy
   */
  public StoreConfig withDisk(Disk newDisk) {
    StoreConfig changed = copy();
    changed.disk = newDisk;
    return changed;
  }

  private StoreConfig copy() {
    StoreConfig same = new StoreConfig();
    same.engine = engine;
    same.backend = backend;
    same.commitPolicy = commitPolicy;
    same.appliedCodec = appliedCodec;
    same.listener = listener;
    same.hooks = hooks;
    same.disk = disk;
    return same;
  }

  Optional<Engine> engine() {
    return Optional.ofNullable(engine);
  }

  BackendConfig backend() {
    boolean tell = backend.listener() == BackendListener.NONE;
    return tell ? backend.withListener(listener) : backend;
  }

  boolean isReadOnly() {
    return backend.access() == BackendConfig.Access.READ_ONLY;
  }

  CommitPolicy commitPolicy() {
    return commitPolicy;
  }

  Optional<AppliedCodec> appliedCodec() {
    return Optional.ofNullable(appliedCodec);
  }

  StoreListener listener() {
    return listener;
  }

  List<CommitHook> hooks() {
    return hooks;
  }

  Disk disk() {
    return disk;
  }
}
