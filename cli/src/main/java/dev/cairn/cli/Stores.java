package dev.cairn.cli;

import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.Engines;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.store.StoreListener;
import java.nio.file.Path;

/** Opens stores as the options say. */
final class Stores {
  /** What an etcd database is called, and the engine that opens it. */
  private static final String ETCD = "etcd";

  private static final String BBOLT = "bbolt";

  private Stores() {}

  /**
   * Refuses a file that is no store, saying what it is instead. A snapshot file above all: its
   * image may look like a store, and writing to it would break its hash.
   */
  private static void checkStore(Path file) {
    SnapshotFile found = SnapshotFile.inspect(file);
    if (found.hasHash()) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          file,
          "is a snapshot, not a store; cairn snapshot convert makes a store of it");
    }
    String wanted = found.format().equals(ETCD) ? BBOLT : found.format();
    if (Engines.all().stream().noneMatch(each -> each.info().name().equals(wanted))) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          file,
          "is an %s database, which no engine here opens; cairn snapshot convert makes a store of it"
              .formatted(found.format()));
    }
  }

  /** A store that is there, to read and write. */
  static Store open(DbOptions db, EngineOptions options) {
    return open(db.file(), db.engine(), options);
  }

  /** A store that is there, of the named engine, or of the one that the file tells. */
  static Store open(Path file, String engine, EngineOptions options) {
    return open(file, engine, options, StoreListener.NONE);
  }

  /** The same, with somebody who hears what it does. */
  static Store open(Path file, String engine, EngineOptions options, StoreListener listener) {
    if (engine == null) {
      checkStore(file);
    }
    StoreConfig config = engine == null ? StoreConfig.existing() : StoreConfig.engine(engine);
    return Store.open(
        file, config.withBackend(options.config(Access.READ_WRITE)).withListener(listener));
  }

  /** A store that is made. */
  static Store create(Path file, String engine, EngineOptions options) {
    return Store.open(
        file, StoreConfig.engine(engine).withBackend(options.config(Access.READ_WRITE_CREATE)));
  }
}
