package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;
import java.util.Optional;

/** Makes an engine's store: from the engine's own image as it is, from any other entry by entry. */
final class EngineStoreBuilder implements StoreBuilder {
  private final Engine engine;

  EngineStoreBuilder(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Limits limits() {
    return engine.info().limits();
  }

  @Override
  public void build(Source source, Path store) {
    Optional<Engine> writer = source.format().installer();
    boolean own = writer.isPresent() && writer.get().info().name().equals(engine.info().name());
    if (own && source.isTakenAsItIs()) {
      install(source, store);
    } else {
      copy(source, store);
    }
    deleteSidecars(source.disk(), store);
  }

  /** The store is closed, so what stands beside it, such as a lock file, says nothing any more. */
  private void deleteSidecars(Disk disk, Path store) {
    for (Path each : engine.files(store)) {
      if (!each.equals(store)) {
        disk.delete(each);
      }
    }
  }

  private void install(Source source, Path store) {
    long imageBytes = source.format().imageSizeBytes();
    try (DiskFile image = source.disk().open(source.file().path(), Disk.Mode.READ)) {
      engine.install(new ImageChannel(image, imageBytes), imageBytes, store);
    }
  }

  private void copy(Source source, Path store) {
    try (ReadView from = source.openView();
        Backend to = engine.open(store, BackendConfig.defaults())) {
      ContentCopy.run(from, to, source.content().entries(), source.progress());
    }
  }

  @Override
  public ReadView openView(Disk disk, Path store) {
    return EngineFormat.openStore(engine, store);
  }
}
