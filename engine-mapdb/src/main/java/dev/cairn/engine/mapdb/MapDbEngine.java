package dev.cairn.engine.mapdb;

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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** MapDB as an engine, named {@code mapdb}: its store, on pages that are journaled here. */
public final class MapDbEngine implements Engine {
  static final String NAME = "mapdb";
  static final EngineInfo INFO =
      new EngineInfo(
          NAME,
          "MapDB 3.1.0",
          PageFile.FORMAT_VERSION,
          Limits.PORTABLE,
          MapDbOptions.LIST,
          "Heap, then a file beside the store: every page that commits replace meanwhile; freed"
              + " when the view is closed.");

  private final Disk disk;

  /** An engine on the files of this machine. */
  public MapDbEngine() {
    this(LocalDisk.INSTANCE);
  }

  MapDbEngine(Disk disk) {
    this.disk = disk;
  }

  @Override
  public EngineInfo info() {
    return INFO;
  }

  /** A store of ours begins with our magic, and an image, like any file of MapDB, with MapDB's. */
  @Override
  public boolean recognizes(HeadReader head) {
    ByteBuffer magic = ByteBuffer.allocate(PageFile.MAGIC.length);
    head.read(0, magic);
    return !magic.hasRemaining()
        && (Arrays.equals(magic.array(), PageFile.MAGIC) || StoreImage.isMapDb(magic.array()));
  }

  @Override
  public Backend open(Path store, BackendConfig config) {
    MapDbOptions options = MapDbOptions.of(config);
    if (config.access() == Access.READ_WRITE_CREATE && !disk.exists(store)) {
      create(store);
    }
    if (!disk.exists(store)) {
      throw StorageException.of(Code.NOT_FOUND, store, "no such store");
    }
    DiskLock lock = disk.lock(store, config.access() == Access.READ_ONLY);
    try {
      return new Opening(disk, store, config, options).open(lock);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** Makes an empty store; when another one makes it at this moment, that one's stands. */
  void create(Path store) {
    try (AtomicFile target = AtomicFile.createNew(disk, store)) {
      EmptyStore.write(target);
      target.commit();
    } catch (StorageException e) {
      if (e.code() != Code.EXISTS) {
        throw e;
      }
    } catch (IOException e) {
      throw cannotBeMade(store, e);
    }
  }

  private static StorageException cannotBeMade(Path store, IOException e) {
    return StorageException.of(Code.IO, store, "cannot be made: " + e.getMessage(), e);
  }

  @Override
  public ReadView openImage(Path image, long imageSizeBytes) {
    DiskFile file = disk.open(image, Disk.Mode.READ);
    try {
      Pages pages = new ImagePages(file, imageSizeBytes);
      new Content(pages).rootHolders();
      Pins pins = new Pins(image, BackendConfig.defaults());
      Pin pin = pins.begin();
      pin.releaseWith(
          () -> {
            file.close();
            pins.close();
          });
      pin.exit();
      return new ContentView(pin, pages);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
    try (AtomicFile target = AtomicFile.createNew(disk, store)) {
      new ImageInstaller(target, store, image, imageSizeBytes).install();
      target.commit();
    } catch (IOException e) {
      throw cannotBeMade(store, e);
    }
  }

  @Override
  public List<Path> files(Path store) {
    return Sidecars.files(store);
  }
}
