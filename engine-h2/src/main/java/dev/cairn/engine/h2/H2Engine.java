package dev.cairn.engine.h2;

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
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;

/** H2's MVStore as an engine, named {@code h2}: one file. */
public final class H2Engine implements Engine {
  static final String NAME = "h2";
  static final int FORMAT_VERSION = 1;
  static final EngineInfo INFO =
      new EngineInfo(
          NAME,
          "H2 MVStore 2.4.240",
          FORMAT_VERSION,
          Limits.PORTABLE,
          H2Options.LIST,
          "File: every chunk that held a page which commits replace meanwhile; it is used again"
              + " afterwards.");

  private static final int IMAGE_CACHE_MEBIBYTES = 4;

  private final Disk disk;

  /** An engine on the files of this machine. */
  public H2Engine() {
    this(LocalDisk.INSTANCE);
  }

  H2Engine(Disk disk) {
    this.disk = disk;
  }

  @Override
  public EngineInfo info() {
    return INFO;
  }

  @Override
  public boolean recognizes(HeadReader head) {
    for (int slot = 0; slot < 2; slot++) {
      ByteBuffer magic = ByteBuffer.allocate(Integer.BYTES);
      head.read((long) slot * FileHeader.BLOCK_BYTES, magic);
      if (!magic.hasRemaining() && FileHeader.hasMagic(magic.array())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Backend open(Path store, BackendConfig config) {
    H2Options options = H2Options.of(config);
    if (config.access() == Access.READ_WRITE_CREATE && !disk.exists(store)) {
      createEmpty(store);
    }
    boolean readOnly = config.access() == Access.READ_ONLY;
    if (!disk.exists(store)) {
      throw StorageException.of(Code.NOT_FOUND, store, "no such store");
    }
    DiskLock lock = disk.lock(store, readOnly);
    DiskFile file = null;
    try {
      file = disk.open(store, readOnly ? Disk.Mode.READ : Disk.Mode.READ_WRITE);
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
      Path store, BackendConfig config, H2Options options, DiskLock lock, DiskFile file) {
    boolean readOnly = config.access() == Access.READ_ONLY;
    Maps maps = Maps.open(file, file.sizeBytes(), readOnly, options.cacheMebibytes());
    try {
      if (!readOnly) {
        makeDurable(file);
      }
      return new H2Backend(store, config, options, new H2Backend.Opened(disk, lock, file, maps));
    } catch (RuntimeException | Error e) {
      maps.close();
      throw e;
    }
  }

  /**
   * A process that was killed may have left its last commit in the page cache alone, and the next
   * one writes over the commit point before it.
   */
  private static void makeDurable(DiskFile file) {
    file.sync();
  }

  /** Makes a store; when another one makes it at this moment, that one's stands. */
  private void createEmpty(Path store) {
    try (AtomicFile target = AtomicFile.createNew(disk, store)) {
      Maps maps = Maps.create(target.file());
      try {
        maps.store().setStoreVersion(FORMAT_VERSION);
        maps.store().commit();
        maps.disk().firstPoint(Identity.fresh(FORMAT_VERSION).encode());
      } finally {
        maps.close();
      }
      target.commit();
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
      if (imageSizeBytes > file.sizeBytes()) {
        throw StorageException.corrupt(image, file.sizeBytes(), "the image is cut short");
      }
      Maps maps = Maps.open(file, imageSizeBytes, true, IMAGE_CACHE_MEBIBYTES);
      return view(image, file, maps);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static ReadView view(Path image, DiskFile file, Maps maps) {
    Pins pins = new Pins(image, BackendConfig.defaults());
    Pin pin = pins.begin();
    pin.releaseWith(
        () -> {
          maps.close();
          file.close();
          pins.close();
        });
    pin.exit();
    return new H2View(pin, image, new Version(maps));
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
    return List.of(store);
  }
}
