package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import java.nio.file.Path;
import java.util.Map;

/** Opens a store that is locked: nothing is changed before all of it was looked at. */
final class Opening {
  private final Disk disk;
  private final Path store;
  private final BackendConfig config;
  private final MapDbOptions options;
  private final boolean readOnly;
  private final Disk.Mode mode;

  Opening(Disk disk, Path store, BackendConfig config, MapDbOptions options) {
    this.disk = disk;
    this.store = store;
    this.config = config;
    this.options = options;
    readOnly = config.access() == Access.READ_ONLY;
    mode = readOnly ? Disk.Mode.READ : Disk.Mode.READ_WRITE;
  }

  /**
   * Opens it.
   *
   * @param lock the backend's to close, unless this throws
   */
  Backend open(DiskLock lock) {
    DiskFile file = disk.open(store, mode);
    Journal journal = null;
    try {
      PageFile pages = PageFile.open(file);
      Identity identity = pages.identity();
      Spill spill = new Spill(disk, Sidecars.spill(store), identity);
      Undo undo = new Undo(spill, options.undoHeapBytes());
      Versions versions = new Versions(pages, journaled(identity), options.cacheBytes(), undo);
      new Content(versions).rootHolders();
      if (!readOnly) {
        journal = replace(versions, identity);
      }
      var opened = new MapDbBackend.Opened(disk, lock, identity, versions, journal);
      return new MapDbBackend(store, config, opened, options);
    } catch (RuntimeException | Error e) {
      if (journal != null) {
        // It is empty, and what is refused is to be left as it was.
        journal.close();
        disk.delete(Sidecars.journal(store));
      }
      file.close();
      throw e;
    }
  }

  private Map<Long, byte[]> journaled(Identity identity) {
    Path path = Sidecars.journal(store);
    if (!disk.exists(path)) {
      return Map.of();
    }
    try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
      return JournalScan.of(file, identity).pages();
    }
  }

  /** Brings the main file up to date, and puts an empty journal in the place of what was there. */
  private Journal replace(Versions versions, Identity identity) {
    Path path = Sidecars.journal(store);
    if (versions.changedBytes() > 0) {
      // What was read may be in the page cache alone, where a killed or failed writer left it.
      try (DiskFile file = disk.open(path, Disk.Mode.READ_WRITE)) {
        file.sync();
      }
      versions.writeFile();
      versions.syncFile();
    }
    disk.delete(path);
    disk.delete(Sidecars.spill(store));
    return Journal.create(disk, path, identity);
  }
}
