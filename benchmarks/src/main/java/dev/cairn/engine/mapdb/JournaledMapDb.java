package dev.cairn.engine.mapdb;

import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskLock;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.BackendConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import org.mapdb.BTreeMap;
import org.mapdb.CC;
import org.mapdb.Serializer;
import org.mapdb.StoreDirect;
import org.mapdb.volume.VolumeFactory;

/**
 * MapDB's own tree straight on the engine's journaled volume: what is left of the engine without
 * buckets, views and the SPI. It stands in the engine's package, and in the benchmarks, because the
 * volume is the engine's own affair and is not to become public for a measurement.
 *
 * <p>The one tree is the catalog's, which holds keys as they are here. Used by one thread; what was
 * not closed is not opened again.
 */
public final class JournaledMapDb implements AutoCloseable {
  private static final Disk DISK = LocalDisk.INSTANCE;

  private final Path path;
  private final DiskLock lock;
  private final Versions versions;
  private final Journal journal;
  private final long checkpointBytes;
  private final StoreVolume volume;
  private final StoreDirect store;
  private final BTreeMap<byte[], byte[]> map;

  private JournaledMapDb(Path path, boolean valuesInNodes) {
    this.path = path;
    MapDbOptions options = MapDbOptions.of(BackendConfig.defaults());
    checkpointBytes = options.checkpointBytes();
    lock = DISK.lock(path, false);
    PageFile pages = PageFile.open(DISK.open(path, Disk.Mode.READ_WRITE));
    Undo undo =
        new Undo(new Spill(DISK, Sidecars.spill(path), pages.identity()), options.undoHeapBytes());
    versions = new Versions(pages, Map.of(), options.cacheBytes(), undo);
    journal = Journal.create(DISK, Sidecars.journal(path), pages.identity());
    volume = new StoreVolume(versions);
    store = store();
    map = map(valuesInNodes);
  }

  /**
   * Opens it, empty where the file is absent.
   *
   * @param file the main file
   * @param valuesInNodes whether values stand in the tree's nodes; the same at every opening
   * @return the caller closes it
   */
  public static JournaledMapDb open(Path file, boolean valuesInNodes) {
    if (!DISK.exists(file)) {
      create(file);
    }
    return new JournaledMapDb(file, valuesInNodes);
  }

  private static void create(Path file) {
    try (AtomicFile target = AtomicFile.createNew(DISK, file)) {
      EmptyStore.write(target);
      target.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the engine's. */
  private StoreDirect store() {
    return new StoreDirect(
        null,
        VolumeFactory.wrap(volume, true),
        false,
        0,
        false,
        0,
        CC.PAGE_SIZE,
        0,
        false,
        false,
        false,
        true,
        false,
        false);
  }

  private BTreeMap<byte[], byte[]> map(boolean valuesInNodes) {
    return new BTreeMap<>(
        Serializer.BYTE_ARRAY_DELTA2,
        Serializer.BYTE_ARRAY,
        Content.CATALOG_ROOT_HOLDER,
        store,
        valuesInNodes,
        CC.BTREEMAP_MAX_NODE_SIZE,
        Serializer.BYTE_ARRAY_DELTA2,
        false,
        0,
        true,
        null);
  }

  /**
   * The tree.
   *
   * @return for one thread, until this is closed
   */
  public ConcurrentMap<byte[], byte[]> map() {
    return map;
  }

  /** Makes what was put durable. */
  public void commit() {
    store.commit();
    volume.shareZeros();
    versions.reserve(volume.count());
    journal.append(Versions.sorted(volume.changed()), volume);
    journal.sync();
    versions.publish(volume.changed(), volume.count());
    volume.discard();
    if (versions.changedBytes() > checkpointBytes || journal.endBytes() > 2 * checkpointBytes) {
      checkpoint();
      journal.reset(2 * checkpointBytes);
    }
  }

  private void checkpoint() {
    journal.append(new long[0], volume);
    journal.sync();
    versions.writeFile();
    versions.syncFile();
  }

  @Override
  public void close() {
    if (!journal.isEmpty()) {
      checkpoint();
    }
    journal.close();
    DISK.delete(Sidecars.journal(path));
    versions.close();
    lock.close();
  }
}
