package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdPutsTest {
  @TempDir Path directory;

  private Store open() {
    return Store.open(directory.resolve("data.db"), StoreConfig.engine("lmdb"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void eachPutIsARevisionAndAnIndex() {
    EtcdLoad load = new EtcdLoad(40, 10, 7);
    try (Store store = open()) {
      load.into(store, changes -> {});
      long index = store.view(EtcdView::consistentIndex);
      EtcdPuts puts = new EtcdPuts(store);
      for (int i = 1; i <= 5; i++) {
        assertEquals(load.revision() + i, puts.put(ascii("new" + i), ascii("value")));
        assertEquals(index + i, store.view(EtcdView::consistentIndex));
      }
      EtcdStatus status = store.view(EtcdStatus::of);
      assertEquals(load.revision() + 5, status.revision());
      assertEquals(OptionalLong.of(load.liveKeys() + 5), status.liveKeys());
    }
  }

  /** What was hashed at a revision stays so however many puts follow. */
  @Test
  void theHashOfAnEarlierRevisionStays() {
    try (Store store = open()) {
      EtcdLoad load = new EtcdLoad(40, 10, 7);
      load.into(store, changes -> {});
      int before = store.view(view -> EtcdHash.hashKv(view, 0));
      new EtcdPuts(store).put(ascii("new"), ascii("value"));
      int then = store.view(view -> EtcdHash.hashKv(view, load.revision()));
      assertEquals(before, then);
    }
  }

  @Test
  void theFirstRevisionOfAnEmptyEtcdIsTwo() {
    try (Store store = open()) {
      new EtcdLoad(0, 0, 1).into(store, changes -> {});
      assertEquals(2, new EtcdPuts(store).put(ascii("first"), ascii("")));
    }
  }

  @Test
  void aStoreWithoutEtcdsBucketsIsRefused() {
    try (Store store = open()) {
      EtcdPuts puts = new EtcdPuts(store);
      StorageException refused =
          assertThrows(StorageException.class, () -> puts.put(ascii("k"), ascii("v")));
      assertEquals(Code.NOT_FOUND, refused.code());
    }
  }
}
