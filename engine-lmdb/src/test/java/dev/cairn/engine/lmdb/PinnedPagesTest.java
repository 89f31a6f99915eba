package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.ENGINE;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedPagesTest {
  @TempDir Path directory;

  @Test
  void theOldestTransactionGoverns() {
    PinnedPages pinned = new PinnedPages();
    assertTrue(pinned.isIdle());
    pinned.began(5);
    pinned.committed(6, 10);
    pinned.began(6);
    pinned.began(6);
    pinned.committed(7, 100);
    assertEquals(110, pinned.count());
    pinned.ended(6);
    assertEquals(110, pinned.count());
    pinned.ended(5);
    assertEquals(100, pinned.count());
    assertFalse(pinned.isIdle());
    pinned.ended(6);
    assertEquals(0, pinned.count());
    assertTrue(pinned.isIdle());
  }

  @Test
  void whatIsCountedIsWhatLmdbCannotUseAgain() {
    SplittableRandom random = new SplittableRandom(1);
    Path store = directory.resolve("db");
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      for (int i = 0; i < 5; i++) {
        backend.commit(puts(random, USERS, 300, 2_000));
      }
      ReadView view = backend.openView();
      long pinnedTxn = newest(store).meta().txnId();
      for (int i = 0; i < 8; i++) {
        backend.commit(puts(random, USERS, 100, 2_000));
        assertEquals(freedAfter(store, pinnedTxn), backend.stats().pinnedBytes());
      }
      assertTrue(backend.stats().pinnedBytes() > 100 * 4096);
      view.close();
      assertEquals(0, backend.stats().pinnedBytes());
    }
  }

  private static Version newest(Path store) {
    DiskFile file = LocalDisk.INSTANCE.open(store, Disk.Mode.READ);
    return Version.newest(new FilePages(file, file.sizeBytes()));
  }

  /** What the lists of free pages say of the transactions after one. */
  private static long freedAfter(Path store, long txnId) {
    Version version = newest(store);
    TreeCursor free = new TreeCursor(version, version.meta().free());
    long pages = 0;
    while (free.next()) {
      long freedBy = ByteBuffer.wrap(free.leaf().key()).order(ByteOrder.LITTLE_ENDIAN).getLong();
      pages += freedBy > txnId ? free.valueNumber() : 0;
    }
    return pages * version.pageSizeBytes();
  }
}
