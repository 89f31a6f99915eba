package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltFile;
import dev.cairn.engine.support.Identity;
import dev.cairn.engine.support.Pin;
import dev.cairn.engine.support.Pins;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.io.Flocks;
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
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** bbolt's file format as an engine, named {@code bbolt}: one file, read and written in Java. */
public final class BboltEngine implements Engine {
  static final String NAME = "bbolt";
  static final int FORMAT_VERSION = 1;
  static final EngineInfo INFO =
      new EngineInfo(
          NAME,
          "Cairn's own writer of bbolt's file format 2",
          FORMAT_VERSION,
          new Limits(
              Limits.PORTABLE.bucketNameBytesMax(),
              Layout.KEY_BYTES_MAX,
              Limits.PORTABLE.valueBytesMax(),
              Limits.PORTABLE.bucketsMax(),
              Limits.PORTABLE.batchBytesMax()),
          BboltOptions.LIST,
          "File: the pages of its version that commits replace; the file grows by them and never"
              + " shrinks.");

  /** An image is read once or twice, from one end to the other. */
  private static final long IMAGE_CACHE_BYTES = 4 << 20;

  private final Disk disk;

  /** An engine on the files of this machine. */
  public BboltEngine() {
    this(LocalDisk.INSTANCE);
  }

  BboltEngine(Disk disk) {
    this.disk = disk;
  }

  @Override
  public EngineInfo info() {
    return INFO;
  }

  @Override
  public boolean recognizes(HeadReader head) {
    return BoltFile.recognizes(head);
  }

  @Override
  public Backend open(Path store, BackendConfig config) {
    BboltOptions options = BboltOptions.of(config);
    if (config.access() == Access.READ_WRITE_CREATE && !disk.exists(store)) {
      create(store, options);
    }
    if (!disk.exists(store)) {
      throw StorageException.of(Code.NOT_FOUND, store, "no such store");
    }
    boolean readOnly = config.access() == Access.READ_ONLY;
    DiskLock lock = disk.lock(store, readOnly);
    DiskFile file = null;
    try {
      checkFlocks(store, readOnly);
      file = disk.open(store, readOnly ? Disk.Mode.READ : Disk.Mode.READ_WRITE);
      OpenedStore opened = OpenedStore.read(disk, store, file, file.sizeBytes(), options);
      return new BboltBackend(store, config, options, lock, opened);
    } catch (RuntimeException | Error e) {
      if (file != null) {
        file.close();
      }
      lock.close();
      throw e;
    }
  }

  /**
   * bbolt and etcd lock the file in a way that our own lock does not see. Who only reads may do it
   * beside others that only read.
   */
  private void checkFlocks(Path store, boolean readOnly) {
    if (disk != LocalDisk.INSTANCE) {
      return;
    }
    Optional<Flocks.Holder> holder = Flocks.holder(store);
    if (holder.isPresent() && (!readOnly || holder.get().exclusive())) {
      throw StorageException.of(
          Code.LOCKED,
          store,
          "is in use by process " + holder.get().pid() + " (etcd or bbolt); stop that one first");
    }
  }

  /** Makes a store; when another one makes it at this moment, that one's stands. */
  private void create(Path store, BboltOptions options) {
    try (AtomicFile target = AtomicFile.createNew(disk, store)) {
      target.write(EmptyStore.bytes(options, Identity.fresh(FORMAT_VERSION)));
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
    DiskFile file = disk.open(image, Disk.Mode.READ);
    try {
      Metas metas = Metas.read(disk, image, file, imageSizeBytes);
      PageStore pages = OpenedStore.pages(file, metas.current(), IMAGE_CACHE_BYTES);
      var buckets = Census.topLevel(pages, metas.current().rootPage());
      Pins pins = new Pins(image, BackendConfig.defaults());
      Pin pin = pins.begin();
      pin.releaseWith(
          () -> {
            file.close();
            pins.close();
          });
      pin.exit();
      return new StoreView(pin, pages, buckets);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
    try (AtomicFile target = AtomicFile.createNew(disk, store)) {
      new ImageInstaller(disk, target).install(image, imageSizeBytes);
      target.commit();
    }
  }

  @Override
  public List<Path> files(Path store) {
    return List.of(store);
  }
}
