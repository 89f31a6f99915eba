package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.engine.support.Pin;
import dev.cairn.engine.support.Pins;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.Engine;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;

/** LMDB as an engine, named {@code lmdb}: one memory-mapped file and its lock file. */
public final class LmdbEngine implements Engine {
  static final String NAME = "lmdb";
  static final int FORMAT_VERSION = 1;
  static final EngineInfo INFO =
      new EngineInfo(
          NAME,
          "LMDB 0.9.33 (lmdbjava 0.9.3)",
          FORMAT_VERSION,
          Limits.PORTABLE,
          LmdbOptions.LIST,
          "File: every page that commits replace meanwhile; the file grows by them and never"
              + " shrinks.");

  /** No commit can leave more than this behind the end of the file. */
  private static final long NEVER_WRITTEN_BYTES_MAX = 1L << 30;

  private final Disk disk;

  /** An engine on the files of this machine; loads nothing yet. */
  public LmdbEngine() {
    this(LocalDisk.INSTANCE);
  }

  LmdbEngine(Disk disk) {
    this.disk = disk;
  }

  @Override
  public EngineInfo info() {
    return INFO;
  }

  @Override
  public boolean recognizes(HeadReader head) {
    return Meta.recognizes(head);
  }

  @Override
  public Backend open(Path store, BackendConfig config) {
    LmdbOptions options = LmdbOptions.of(config);
    if (config.access() == Access.READ_WRITE_CREATE && !disk.exists(store)) {
      createEmpty(store);
    }
    if (!disk.exists(store)) {
      throw StorageException.of(Code.NOT_FOUND, store, "no such store");
    }
    DiskLock lock = disk.lock(store, config.access() == Access.READ_ONLY);
    DiskFile file = null;
    try {
      file = disk.open(store, Disk.Mode.READ);
      return open(store, config, options, lock, file);
    } catch (RuntimeException | Error e) {
      if (file != null) {
        file.close();
      }
      lock.close();
      throw e;
    }
  }

  private Backend open(
      Path store, BackendConfig config, LmdbOptions options, DiskLock lock, DiskFile data) {
    Version version = newest(data, data.sizeBytes());
    Catalog catalog = Catalog.read(version);
    if (config.access() == Access.READ_ONLY) {
      return new ImageBackend(store, config, lock, data, version, catalog);
    }
    checkLength(version, data);
    LmdbEnv env =
        LmdbEnv.open(
            data, options, config.durability(), version.pageSizeBytes(), catalog.slotCount());
    try {
      return new LmdbBackend(
          store, config, new LmdbBackend.Opened(disk, lock, data, env, catalog), version);
    } catch (RuntimeException | Error e) {
      env.close();
      throw e;
    }
  }

  /** Pages behind the end may be free ones that were never written, or the file was cut. */
  private static void checkLength(Version version, DiskFile data) {
    long missingBytes = version.meta().sizeBytes() - data.sizeBytes();
    if (missingBytes > NEVER_WRITTEN_BYTES_MAX) {
      throw StorageException.corrupt(
          data.path(), data.sizeBytes(), "lacks " + missingBytes + " bytes at its end");
    }
    if (missingBytes > 0) {
      new ImageCheck(version).run();
    }
  }

  private static Version newest(DiskFile file, long sizeBytes) {
    if (sizeBytes == 0) {
      throw StorageException.of(Code.CORRUPT, file.path(), "is empty, not a store");
    }
    return Version.newest(new FilePages(file, sizeBytes));
  }

  /** Makes a store; when another one makes it at this moment, that one's stands. */
  void createEmpty(Path store) {
    try (AtomicFile target = AtomicFile.createNew(disk, store)) {
      target.write(ByteBuffer.wrap(EmptyStore.bytes(Identity.fresh(FORMAT_VERSION))));
      target.commit();
    } catch (ClosedChannelException e) {
      throw StorageException.of(Code.CLOSED, store, "was closed while it was made", e);
    } catch (StorageException e) {
      if (e.code() != Code.EXISTS) {
        throw e;
      }
    }
  }

  @Override
  public ReadView openImage(Path image, long imageSizeBytes) {
    DiskFile data = disk.open(image, Disk.Mode.READ);
    try {
      Version version = newest(data, Math.min(imageSizeBytes, data.sizeBytes()));
      if (version.meta().sizeBytes() > imageSizeBytes || imageSizeBytes > data.sizeBytes()) {
        throw StorageException.corrupt(image, data.sizeBytes(), "the image is cut short");
      }
      Catalog.read(version);
      Pins pins = new Pins(image, BackendConfig.defaults());
      Pin pin = pins.begin();
      pin.releaseWith(
          () -> {
            data.close();
            pins.close();
          });
      pin.exit();
      return new VersionView(pin, version);
    } catch (RuntimeException | Error e) {
      data.close();
      throw e;
    }
  }

  @Override
  public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
    try (AtomicFile target = AtomicFile.createNew(disk, store)) {
      new ImageInstaller(target).install(image, imageSizeBytes);
      target.commit();
    }
  }

  @Override
  public List<Path> files(Path store) {
    return List.of(store.resolveSibling(store.getFileName() + "-lock"), store);
  }
}
