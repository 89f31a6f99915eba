package dev.cairn.engine.lmdb;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * LMDB's environment with the databases of a store, all opened once. LMDB writes, and pins versions
 * for readers; what they read is copied out of its map by {@link #pages()}.
 */
final class LmdbEnv {
  private final DiskFile file;
  private final LmdbOptions options;
  private final MappedPages pages;
  private final int pageSizeBytes;
  private final Env<NativeBytes> env;
  private final NativeBytes key;
  private final NativeBytes value;
  private long mapSizeBytes;
  private Dbi<NativeBytes> catalog;
  private final List<Dbi<NativeBytes>> slots = new ArrayList<>();
  private volatile long committedTxnId;

  private LmdbEnv(DiskFile file, LmdbOptions options, Durability durability, int pageSizeBytes) {
    this.file = file;
    this.options = options;
    NativeMemory memory = new NativeMemory();
    key = new NativeBytes(memory);
    value = new NativeBytes(memory);
    pages = new MappedPages(file, pageSizeBytes, memory);
    this.pageSizeBytes = pageSizeBytes;
    mapSizeBytes = Math.max(options.mapSizeBytes(), file.sizeBytes());
    List<EnvFlags> flags = new ArrayList<>(List.of(EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOTLS));
    if (durability == Durability.RELAXED) {
      flags.add(EnvFlags.MDB_NOMETASYNC);
    }
    NativeLibrary.load();
    env =
        Env.create(new NativeProxy(memory))
            .setMapSize(mapSizeBytes)
            .setMaxDbs(1 + CatalogKeys.SLOTS_MAX)
            .setMaxReaders(options.readersMax())
            .open(file.path().toFile(), 0600, flags.toArray(EnvFlags[]::new));
  }

  /**
   * Opens a store that was looked at before; the caller holds its lock.
   *
   * @param slotCount how many slots it has
   */
  static LmdbEnv open(
      DiskFile file, LmdbOptions options, Durability durability, int pageSizeBytes, int slotCount) {
    LmdbEnv opened = null;
    try {
      opened = new LmdbEnv(file, options, durability, pageSizeBytes);
      opened.openDatabases(slotCount);
      opened.locate();
      return opened;
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      throw LmdbErrors.of(file.path(), e);
    }
  }

  private void openDatabases(int slotCount) {
    env.readerCheck();
    try (Txn<NativeBytes> txn = env.txnRead()) {
      catalog = env.openDbi(txn, CatalogKeys.DATABASE, null, false);
      for (int slot = 0; slot < slotCount; slot++) {
        slots.add(env.openDbi(txn, CatalogKeys.slotName(slot), null, false));
      }
      // Databases opened by a transaction stay open only when it commits, be it a reading one.
      txn.commit();
    }
  }

  /**
   * Finds where the map is: the identity's place in memory, less its place in the file. A write
   * transaction, because it needs no reader slot.
   */
  private void locate() {
    Version version = Version.newest(new FilePages(file, file.sizeBytes()));
    long atBytes = Catalog.read(version).identityAtBytes();
    committedTxnId = version.meta().txnId();
    try (Txn<NativeBytes> txn = env.txnWrite()) {
      pages.moved(catalog.get(txn, key(CatalogKeys.IDENTITY)).address() - atBytes);
    }
  }

  Path store() {
    return file.path();
  }

  int pageSizeBytes() {
    return pageSizeBytes;
  }

  /** What the file holds, by way of the map. */
  MappedPages pages() {
    return pages;
  }

  Dbi<NativeBytes> catalog() {
    return catalog;
  }

  Dbi<NativeBytes> slot(int slot) {
    return slots.get(slot);
  }

  int slotCount() {
    return slots.size();
  }

  /** Makes slots, in a transaction of their own. By the committing thread. */
  void addSlots(int count) {
    List<Dbi<NativeBytes>> more = new ArrayList<>();
    try (Txn<NativeBytes> txn = env.txnWrite()) {
      for (int i = 0; i < count; i++) {
        byte[] name = CatalogKeys.slotName(slots.size() + i);
        more.add(env.openDbi(txn, name, null, false, DbiFlags.MDB_CREATE));
      }
      commit(txn);
    }
    slots.addAll(more);
  }

  /**
   * Commits a write transaction. By the committing thread.
   *
   * @return the new version; null when nothing was changed, and so none was made
   */
  Meta commit(Txn<NativeBytes> txn) {
    long id = txn.getId();
    txn.commit();
    Meta meta = Meta.inSlotOf(id, pages, pageSizeBytes);
    if (meta.txnId() != id) {
      return null;
    }
    committedTxnId = id;
    return meta;
  }

  /** The last transaction of which the commit has returned; the next may be on its way. */
  long committedTxnId() {
    return committedTxnId;
  }

  /** A key to be handed to LMDB at once. By the committing thread. */
  NativeBytes key(byte[] bytes) {
    return key.set(bytes);
  }

  /** A value to be handed to LMDB at once. By the committing thread. */
  NativeBytes value(byte[] bytes) {
    return value.set(bytes);
  }

  /** Pins the newest version. */
  Txn<NativeBytes> beginRead() {
    pages.enter();
    try {
      pages.there();
      return env.txnRead();
    } finally {
      pages.exit();
    }
  }

  void end(Txn<NativeBytes> txn) {
    pages.enter();
    try {
      txn.close();
    } finally {
      pages.exit();
    }
  }

  Txn<NativeBytes> beginWrite() {
    return env.txnWrite();
  }

  /**
   * Doubles the map. By the committing thread, with no write transaction open.
   *
   * @return false when it is as large as it may be
   */
  boolean grow() {
    long larger = Math.min(options.mapSizeBytesMax(), mapSizeBytes * 2);
    if (larger <= mapSizeBytes) {
      return false;
    }
    pages.moving().lock();
    try {
      // When LMDB cannot map the larger size it has let go of the smaller one already.
      pages.moved(0);
      env.setMapSize(larger);
      mapSizeBytes = larger;
      locate();
      return true;
    } finally {
      pages.moving().unlock();
    }
  }

  /** Whether LMDB refuses to go on after a failed write of its meta page. */
  boolean isPanicked() {
    try (Txn<NativeBytes> txn = env.txnWrite()) {
      txn.abort();
      return false;
    } catch (RuntimeException panic) {
      return true;
    }
  }

  void sync() {
    env.sync(true);
  }

  void close() {
    pages.moving().lock();
    try {
      env.close();
    } finally {
      pages.moving().unlock();
    }
  }

  StorageException failure(RuntimeException e) {
    return LmdbErrors.of(store(), e);
  }
}
