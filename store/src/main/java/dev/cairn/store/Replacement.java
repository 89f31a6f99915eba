package dev.cairn.store;

import dev.cairn.io.Disk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts another file in the place of a store's, under running readers. Locks and journals are named
 * after the path, so a backend is never opened under a path that an open one still uses: the new
 * file is built, closed and clean before the old one's files are moved aside, and is opened after
 * that. Every call comes with updates and commits held.
 */
final class Replacement {
  private static final System.Logger LOG = System.getLogger(Replacement.class.getName());

  /**
   * What is swapped in.
   *
   * @param file closed and clean
   * @param engine whose it is
   * @param config how it is opened
   * @param published runs as it becomes the store
   */
  private record Next(Path file, Engine engine, BackendConfig config, Runnable published) {}

  private final Disk disk;
  private final StoreFiles files;
  private final Gate gate;
  private final StoreConfig config;
  private final Versions versions;
  private final Commits commits;
  private final Map<Integer, Generation> retired = new LinkedHashMap<>();
  private int number;

  Replacement(StoreFiles files, StoreConfig config, Versions versions, Commits commits) {
    this.disk = config.disk();
    this.files = files;
    this.gate = Gate.ofOwner(disk, files.main());
    this.config = config;
    this.versions = versions;
    this.commits = commits;
  }

  /** Replaces the store by a copy of itself, which has no free space in it. */
  void defragment() {
    long startNanos = System.nanoTime();
    Generation old = versions.state().generation();
    files.deleteBuilding();
    try {
      build(old);
      BackendConfig existing = old.config().withAccess(BackendConfig.Access.READ_WRITE);
      swap(new Next(files.building(), old.engine(), existing, () -> {}), startNanos);
    } catch (RuntimeException e) {
      files.deleteBuilding();
      throw e;
    }
  }

  private void build(Generation old) {
    BackendConfig create =
        old.config()
            .withAccess(BackendConfig.Access.READ_WRITE_CREATE)
            .withDurability(BackendConfig.Durability.SYNC);
    try (Backend to = old.engine().open(files.building(), create);
        ReadView view = old.backend().openView()) {
      StoreCopy.copy(view, to);
    }
    files.deleteSidecars(old.engine(), files.building());
  }

  /** Replaces the store by another one, which lies closed in the same directory. */
  void replace(Path file, Engine engine, BackendConfig newConfig) {
    long startNanos = System.nanoTime();
    if (!file.getParent().equals(files.main().getParent()) || file.equals(files.main())) {
      throw new IllegalArgumentException(file + " is not another file beside " + files.main());
    }
    BackendConfig existing = newConfig.withAccess(BackendConfig.Access.READ_WRITE);
    try (Backend backend = engine.open(file, existing)) {
      Opening.state(new Generation(engine, backend, existing), config);
    }
    files.deleteSidecars(engine, file);
    swap(new Next(file, engine, existing, () -> {}), startNanos);
  }

  /**
   * Replaces the store by another one, which is yet to be built, and publishes what goes with it.
   */
  void replace(Successor successor) {
    long startNanos = System.nanoTime();
    files.deleteBuilding();
    try {
      swap(build(successor), startNanos);
    } catch (RuntimeException e) {
      deleteBuilding(e);
      throw e;
    }
  }

  private Next build(Successor successor) {
    Path file = files.building();
    Engine engine = successor.build(file);
    BackendConfig existing = configOf(engine).withAccess(BackendConfig.Access.READ_WRITE);
    Runnable published;
    try (Backend backend = engine.open(file, existing);
        ReadView view = backend.openView()) {
      State opened = Opening.state(new Generation(engine, backend, existing), config);
      published = successor.prepare(view, opened.applied());
    }
    files.deleteSidecars(engine, file);
    return new Next(file, engine, existing, published);
  }

  /** An engine knows no other one's options. */
  private BackendConfig configOf(Engine engine) {
    Generation old = versions.state().generation();
    boolean same = engine.info().name().equals(old.engine().info().name());
    return same ? old.config() : old.config().withoutOptions();
  }

  private void deleteBuilding(RuntimeException failure) {
    try {
      files.deleteBuilding();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void swap(Next next, long startNanos) {
    Generation old = versions.state().generation();
    long bytesBefore = old.backend().stats().fileBytes();
    gate.shut(
        () -> {
          number++;
          moveIn(next.file, old);
          publish(next);
          retire(old);
          return null;
        });
    long bytesAfter = versions.state().generation().backend().stats().fileBytes();
    long nanos = System.nanoTime() - startNanos;
    commits.tell(each -> each.replaced(files.main(), bytesBefore, bytesAfter, nanos));
  }

  private void moveIn(Path file, Generation old) {
    try {
      files.moveAside(old.engine(), number);
      disk.rename(file, files.main());
    } catch (RuntimeException e) {
      moveBack(e);
      throw e;
    }
  }

  private void moveBack(RuntimeException failure) {
    try {
      files.moveBack(number);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      commits.stop(failure);
    }
  }

  /** From here on the name is the new file's, if only in part: a failure ends the store's work. */
  private void publish(Next next) {
    Backend backend = null;
    try {
      disk.syncDirectory(files.main().getParent());
      backend = next.engine.open(files.main(), next.config);
      State opened = Opening.state(new Generation(next.engine, backend, next.config), config);
      versions.change(
          state -> {
            next.published.run();
            return state.on(opened);
          });
      commits.restart(versions.state());
    } catch (RuntimeException e) {
      if (backend != null) {
        backend.close();
      }
      throw commits.stop(e);
    }
  }

  private void retire(Generation old) {
    int itsNumber = number;
    synchronized (retired) {
      retired.put(itsNumber, old);
    }
    old.retire(() -> discard(itsNumber, old));
  }

  private void discard(int itsNumber, Generation old) {
    try {
      old.close();
      files.deleteOld(itsNumber);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a replaced file could not be removed", e);
    }
    synchronized (retired) {
      retired.remove(itsNumber);
    }
  }

  int retiredCount() {
    synchronized (retired) {
      return retired.size();
    }
  }

  /** Closes and removes the replaced files, whoever still reads them. */
  void close() {
    Map<Integer, Generation> left;
    synchronized (retired) {
      left = new LinkedHashMap<>(retired);
    }
    left.forEach(this::discard);
  }
}
