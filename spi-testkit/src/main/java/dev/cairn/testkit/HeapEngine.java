package dev.cairn.testkit;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.Batch;
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

/**
 * The reference engine, named {@code heap}: the contract in its simplest executable form, against
 * which other engines are compared. All content is in memory; the store file is a log of the
 * batches on a {@link Disk}, which is never compacted, so it is made for tests. Durable, and whole
 * after a power cut. Immutable and thread-safe.
 */
public final class HeapEngine implements Engine {
  static final EngineInfo INFO =
      new EngineInfo(
          "heap",
          "Cairn reference engine 1",
          HeapLog.FORMAT_VERSION,
          Limits.PORTABLE,
          List.of(),
          "Heap: what is overwritten or deleted while the view is open.");

  private final Disk disk;

  /** An engine on the files of this machine. */
  public HeapEngine() {
    this(LocalDisk.INSTANCE);
  }

  /**
   * An engine on other files, such as a {@link SimulatedDisk}.
   *
   * @param disk where its stores are
   */
  public HeapEngine(Disk disk) {
    this.disk = disk;
  }

  @Override
  public EngineInfo info() {
    return INFO;
  }

  @Override
  public boolean recognizes(HeadReader head) {
    ByteBuffer magic = ByteBuffer.allocate(HeapLog.MAGIC.length);
    head.read(0, magic);
    return !magic.hasRemaining()
        && (Arrays.equals(magic.array(), HeapLog.MAGIC)
            || Arrays.equals(magic.array(), HeapImage.MAGIC));
  }

  @Override
  public Backend open(Path store, BackendConfig config) {
    config.checkOptions(INFO.name(), List.of());
    if (config.access() == Access.READ_WRITE_CREATE && !disk.exists(store)) {
      create(store);
    }
    Disk.Mode mode = config.access() == Access.READ_ONLY ? Disk.Mode.READ : Disk.Mode.READ_WRITE;
    DiskFile file = disk.open(store, mode);
    try {
      HeapLog.readHeader(file);
      return openLocked(store, file, disk.lock(store, mode == Disk.Mode.READ), config);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** A store without a batch, which is there whole or not at all. */
  private void create(Path store) {
    try (AtomicFile file = AtomicFile.createNew(disk, store)) {
      new HeapLog(Identity.fresh(HeapLog.FORMAT_VERSION)).writeHeader(file);
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

  private static Backend openLocked(
      Path store, DiskFile file, DiskLock lock, BackendConfig config) {
    try {
      return new HeapBackend(store, file, lock, HeapScan.of(file), config);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public ReadView openImage(Path image, long imageSizeBytes) {
    try (DiskFile file = disk.open(image, Disk.Mode.READ)) {
      CheckedReader in = new CheckedReader(DiskChannel.at(file, 0), imageSizeBytes, image);
      HeapVersion[] version = {HeapVersion.EMPTY};
      HeapImage.read(in, imageSizeBytes, batch -> version[0] = version[0].with(batch));
      return HeapView.ofImage(image, version[0]);
    }
  }

  @Override
  public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
    try (AtomicFile file = AtomicFile.createNew(disk, store)) {
      HeapLog log = new HeapLog(Identity.fresh(HeapLog.FORMAT_VERSION));
      log.writeHeader(file);
      CheckedReader in = new CheckedReader(image, imageSizeBytes, store);
      HeapImage.read(in, imageSizeBytes, batch -> append(log, batch, file));
      file.commit();
    } catch (IOException e) {
      throw StorageException.of(Code.IO, store, "cannot be written: " + e.getMessage(), e);
    }
  }

  /** The file is synced as a whole before it has its name: no record of it may ever be missing. */
  private static void append(HeapLog log, Batch batch, AtomicFile file) {
    try {
      log.append(batch, file);
      log.synced();
    } catch (IOException e) {
      throw StorageException.of(Code.IO, "cannot be written: " + e.getMessage());
    }
  }

  @Override
  public List<Path> files(Path store) {
    return List.of(store);
  }
}
