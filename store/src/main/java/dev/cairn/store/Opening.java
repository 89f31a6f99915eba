package dev.cairn.store;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Backend;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/** What is found out when a store is opened. */
final class Opening {
  private Opening() {}

  /** Opens what is there, or what a cut short replacement left, and keeps others out meanwhile. */
  static State open(StoreFiles files, StoreConfig config) {
    Gate gate = new Gate(config.disk(), files.main());
    if (config.isReadOnly()) {
      return gate.pass(() -> openBackend(files, config));
    }
    return gate.shut(
        () -> {
          files.recover();
          return openBackend(files, config);
        });
  }

  private static State openBackend(StoreFiles files, StoreConfig config) {
    Path main = files.main();
    Engine engine = config.engine().orElseGet(() -> recognize(main, config.disk()));
    Backend backend = engine.open(main, config.backend());
    try {
      if (!config.isReadOnly()) {
        files.clean();
      }
      return state(new Generation(engine, backend, config.backend()), config);
    } catch (RuntimeException | Error e) {
      backend.close();
      throw e;
    }
  }

  /** The engine that a file belongs to, by its first bytes. */
  private static Engine recognize(Path file, Disk disk) {
    try (DiskFile head = disk.open(file, Disk.Mode.READ)) {
      return Engines.recognizing(head)
          .orElseThrow(
              () ->
                  StorageException.of(
                      Code.CORRUPT, file, "is no store of an engine on the class path"));
    }
  }

  /** The state of a backend that was just opened: nothing is pending. */
  static State state(Generation generation, StoreConfig config) {
    try (ReadView view = generation.backend().openView()) {
      SortedSet<Bucket> buckets = new TreeSet<>(view.buckets());
      Applied applied = config.appliedCodec().map(codec -> codec.read(view)).orElse(Applied.NONE);
      return new State(generation, 0, null, Overlay.EMPTY, buckets, applied, 0);
    }
  }
}
