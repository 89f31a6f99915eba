package dev.cairn.snapshot;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An engine's file. With a hash behind it, it is a native image. Without one it may be a store that
 * somebody else has open, so it is read as a store first, under the engine's own lock, and as an
 * image only when it is no store.
 */
final class EngineFormat implements ImageFormat {
  private final Engine engine;
  private final Path file;
  private final long contentBytes;
  private final boolean hasHash;

  EngineFormat(Engine engine, Path file, long contentBytes, boolean hasHash) {
    this.engine = engine;
    this.file = file;
    this.contentBytes = contentBytes;
    this.hasHash = hasHash;
  }

  @Override
  public String name() {
    return engine.info().name();
  }

  @Override
  public long imageSizeBytes() {
    return contentBytes;
  }

  /** No engine but bbolt has sequences to drop. */
  @Override
  public ReadView openView(boolean dropSequences) {
    if (hasHash) {
      return engine.openImage(file, contentBytes);
    }
    try {
      return openStore(engine, file);
    } catch (StorageException noStore) {
      return openHashlessImage(noStore);
    }
  }

  private ReadView openHashlessImage(StorageException noStore) {
    if (noStore.code() != StorageException.Code.CORRUPT
        && noStore.code() != StorageException.Code.UNSUPPORTED) {
      throw noStore;
    }
    try {
      return engine.openImage(file, contentBytes);
    } catch (StorageException noImage) {
      noStore.addSuppressed(noImage);
      throw noStore;
    }
  }

  static ReadView openStore(Engine engine, Path store) {
    Backend backend =
        engine.open(store, BackendConfig.defaults().withAccess(BackendConfig.Access.READ_ONLY));
    try {
      return new OwnedView(backend.openView(), backend::close);
    } catch (RuntimeException e) {
      backend.close();
      throw e;
    }
  }

  @Override
  public CheckReport check() {
    return FullRead.of(() -> openView(false));
  }

  @Override
  public Optional<Engine> installer() {
    return hasHash ? Optional.of(engine) : Optional.empty();
  }
}
