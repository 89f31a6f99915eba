package com.example.cairn.shelf;

import com.example.cairn.shelf.Head.Kind;
import dev.cairn.engine.support.Identity;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.BackendConfig.Durability;
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
import java.util.ArrayList;
import java.util.List;

/** The engine {@code shelf}. Immutable and thread-safe. */
public final class ShelfEngine implements Engine {
  static final EngineInfo INFO =
      new EngineInfo(
          "shelf",
          "Shelf 1.0",
          Head.FORMAT_VERSION,
          Limits.PORTABLE,
          List.of(),
          "Disk: the files that held the buckets which were changed since.");

  private static final int CHUNK_BYTES = 1 << 16;
  private static final long FIRST_BASE = 1;

  private final Disk disk;

  /** An engine on the files of this machine. */
  public ShelfEngine() {
    this(LocalDisk.INSTANCE);
  }

  /**
   * An engine on other files, such as a simulated disk.
   *
   * @param disk where its stores are
   */
  public ShelfEngine(Disk disk) {
    this.disk = disk;
  }

  @Override
  public EngineInfo info() {
    return INFO;
  }

  @Override
  public boolean recognizes(HeadReader head) {
    byte[] start = new byte[8];
    head.read(0, ByteBuffer.wrap(start));
    return Kind.STORE.starts(start) || Kind.IMAGE.starts(start);
  }

  @Override
  public Backend open(Path store, BackendConfig config) {
    config.checkOptions(INFO.name(), List.of());
    if (config.durability() == Durability.RELAXED) {
      throw StorageException.of(
          Code.UNSUPPORTED, store, "a shelf syncs every commit; open it with durability SYNC");
    }
    if (config.access() == Access.READ_WRITE_CREATE && !disk.exists(store)) {
      create(store);
    }
    boolean readOnly = config.access() == Access.READ_ONLY;
    // Before it is locked, so that nothing is done to a file of somebody else.
    ShelfFile.open(disk, store, Kind.STORE).close();
    DiskLock lock = disk.lock(store, readOnly);
    try {
      // Only now: who had the lock before may have put another file in its place.
      return new ShelfBackend(disk, store, Loader.store(disk, store), lock, config);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** A store without a bucket, which is there whole or not at all. */
  private void create(Path store) {
    try (AtomicFile file = AtomicFile.createNew(disk, store)) {
      new ShelfWriter(file, freshHead()).finish(Version.IMAGE_UNIT_BYTES);
      file.commit();
    } catch (StorageException e) {
      // Made by another one at the same moment: whoever gets the lock has it.
      if (e.code() != Code.EXISTS) {
        throw e;
      }
    } catch (IOException e) {
      throw StorageException.of(Code.IO, store, "cannot be made: " + e.getMessage(), e);
    }
  }

  private static Head freshHead() {
    return new Head(Kind.STORE, Identity.fresh(Head.FORMAT_VERSION), FIRST_BASE, 0);
  }

  @Override
  public ReadView openImage(Path image, long imageSizeBytes) {
    DiskFile file = disk.open(image, Disk.Mode.READ);
    try {
      ShelfFile whole = new ShelfFile(file, Head.read(file, Kind.IMAGE), imageSizeBytes);
      return ShelfView.ofImage(image, Loader.image(disk, whole));
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** An image is a store file but for its head. */
  @Override
  public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
    try (AtomicFile file = AtomicFile.createNew(disk, store)) {
      copy(image, imageSizeBytes, file);
      Head head = Head.read(file.file(), Kind.IMAGE);
      Loader.image(disk, new ShelfFile(file.file(), head, imageSizeBytes));
      file.file().write(0, freshHead().encode());
      file.commit();
    } catch (IOException e) {
      throw StorageException.of(Code.IO, store, "cannot be written: " + e.getMessage(), e);
    }
  }

  private static void copy(ReadableByteChannel from, long sizeBytes, AtomicFile to)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    while (to.sizeBytes() < sizeBytes) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, sizeBytes - to.sizeBytes()));
      if (from.read(chunk) < 0) {
        throw StorageException.corrupt(
            to.file().path(), to.sizeBytes(), "the image ends early; fetch it again");
      }
      to.write(chunk.flip());
    }
  }

  @Override
  public List<Path> files(Path store) {
    List<Path> files = new ArrayList<>(new Names(disk, store).sidecars());
    files.add(store);
    return files;
  }
}
