package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.snapshot.MapView;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.StorageException;
import dev.cairn.store.Applied;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.HeapEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdAppliedTest {
  @TempDir Path directory;

  private Store open() {
    StoreConfig config =
        StoreConfig.existing()
            .withBackend(BackendConfig.defaults())
            .withEngine(new HeapEngine())
            .withAppliedCodec(new EtcdApplied());
    return Store.open(directory.resolve("store"), config);
  }

  @Test
  void thePositionStandsWhereEtcdKeepsIt() {
    try (Store store = open()) {
      assertEquals(Applied.NONE, store.applied());
      store.update(tx -> tx.applied(0x0102, 3));
      byte[] index = store.view(view -> view.get(EtcdBuckets.META, EtcdView.CONSISTENT_INDEX));
      byte[] term = store.view(view -> view.get(EtcdBuckets.META, EtcdView.TERM));
      assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 1, 2}, index);
      assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 0, 3}, term);
    }
    try (Store store = open()) {
      assertEquals(new Applied(0x0102, 3), store.applied());
      assertEquals(new Applied(0x0102, 3), store.durableApplied());
    }
  }

  @Test
  void withoutATermNoneIsWritten() {
    try (Store store = open()) {
      store.update(tx -> tx.applied(9, 0));
      assertNull(store.<byte[]>view(view -> view.get(EtcdBuckets.META, EtcdView.TERM)));
    }
  }

  @Test
  void aValueOfAnotherFormIsCorrupt() {
    byte[] key = EtcdView.CONSISTENT_INDEX;
    for (byte[] value : new byte[][] {{}, new byte[7], new byte[9], {-1, 0, 0, 0, 0, 0, 0, 0}}) {
      MapView view = new MapView().put("meta", key, value);
      StorageException e = assertThrows(StorageException.class, () -> new EtcdApplied().read(view));
      assertEquals(StorageException.Code.CORRUPT, e.code());
    }
    MapView other = new MapView().put("other", "k", new String(key, StandardCharsets.US_ASCII));
    assertEquals(Applied.NONE, new EtcdApplied().read(other));
  }
}
