package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.etcd.proto.Lease;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.store.Applied;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.HeapEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdLoadTest {
  @TempDir Path directory;
  private int stores;

  private Store store(Engine engine) {
    StoreConfig config =
        StoreConfig.existing()
            .withBackend(BackendConfig.defaults())
            .withEngine(engine)
            .withAppliedCodec(new EtcdApplied());
    return Store.open(directory.resolve("store" + stores++), config);
  }

  private Store loaded(EtcdLoad load, Engine engine) {
    Store store = store(engine);
    load.into(store, written -> {});
    return store;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9, 20, 21, 1_000, 12_345})
  void theFiguresAreThoseOfTheStatus(long keys) {
    EtcdLoad load = new EtcdLoad(keys, 10, 7);
    try (Store store = loaded(load, new HeapEngine());
        ReadView view = store.openView()) {
      EtcdStatus status = EtcdStatus.of(view);
      assertEquals(load.revision(), Math.max(1, status.revision()));
      assertEquals(OptionalLong.of(load.liveKeys()), status.liveKeys());
      long others = 4 + Math.min(100, (keys + 49) / 50);
      assertEquals(load.changes() + others, status.totalKeys());
      assertEquals(EtcdBuckets.ALL, view.buckets());
      assertEquals(0, EtcdView.compactRevision(view));
      assertEquals("3.4.0", EtcdView.clusterVersion(view).orElseThrow());
    }
  }

  @Test
  void aTenthIsOverwrittenAndATwentiethDeleted() {
    EtcdLoad load = new EtcdLoad(10_000, 10, 7);
    assertEquals(11_500, load.changes());
    assertEquals(9_500, load.liveKeys());
    assertEquals(1 + 10_000 + 250 + 500, load.revision());
  }

  /** Every revision follows from the one before, as a server that starts on it demands. */
  @Test
  void theRevisionsAreAHistory() throws IOException {
    try (Store store = loaded(new EtcdLoad(3_000, 33, 5), new LmdbEngine());
        ReadView view = store.openView()) {
      Set<Long> leases = leases(view);
      Map<ByteString, KeyValue> live = new HashMap<>();
      Revision last = Revision.of(1, 0);
      int multiple = 0;
      try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
        while (cursor.next()) {
          Revision at = Revision.decode(cursor.key());
          assertTrue(
              at.equals(new Revision(last.main(), last.sub() + 1, at.tombstone()))
                  || (at.main() == last.main() + 1 && at.sub() == 0));
          multiple += at.sub() > 0 ? 1 : 0;
          last = at;
          apply(at, KeyValue.parseFrom(cursor.value()), live, leases);
        }
      }
      assertEquals(2_850, live.size());
      assertTrue(multiple > 100);
    }
  }

  private static void apply(
      Revision at, KeyValue entry, Map<ByteString, KeyValue> live, Set<Long> leases) {
    KeyValue before = live.get(entry.getKey());
    if (at.tombstone()) {
      assertEquals(KeyValue.newBuilder().setKey(entry.getKey()).build(), entry);
      assertNotEquals(null, live.remove(entry.getKey()));
      return;
    }
    assertEquals(at.main(), entry.getModRevision());
    assertEquals(
        before == null ? at.main() : before.getCreateRevision(), entry.getCreateRevision());
    assertEquals(before == null ? 1 : before.getVersion() + 1, entry.getVersion());
    assertEquals(33, entry.getValue().size());
    assertTrue(entry.getLease() == 0 || leases.contains(entry.getLease()));
    assertTrue(before == null || !before.getValue().equals(entry.getValue()));
    live.put(entry.getKey(), entry);
  }

  private static Set<Long> leases(ReadView view) throws IOException {
    Set<Long> ids = new HashSet<>();
    try (Cursor cursor = view.openCursor(EtcdBuckets.LEASE)) {
      while (cursor.next()) {
        Lease lease = Lease.parseFrom(cursor.value());
        assertEquals(lease.getID(), cursor.key().getLong());
        assertTrue(lease.getTTL() > 0);
        ids.add(lease.getID());
      }
    }
    return ids;
  }

  @Test
  void theSameSeedGivesTheSameContentOnEveryEngine() {
    Set<String> hashes = new HashSet<>();
    for (Engine engine : new Engine[] {new HeapEngine(), new LmdbEngine()}) {
      try (Store store = loaded(new EtcdLoad(5_000, 20, 99), engine)) {
        hashes.add(store.hash());
      }
    }
    // Fixed for ever: what was loaded elsewhere must be loaded here again.
    assertEquals(
        Set.of("v1:89234e7c3090b171c8123153642c2f2115a96417fddbe1c3621e54031789d1ee"), hashes);
    try (Store other = loaded(new EtcdLoad(5_000, 20, 98), new HeapEngine())) {
      assertTrue(hashes.add(other.hash()));
    }
  }

  @Test
  void theIndexIsThatOfTheLastChange() {
    try (Store store = store(new HeapEngine())) {
      EtcdLoad load = new EtcdLoad(1_000, 10, 3);
      load.into(store, written -> {});
      long entries = load.revision() - 1 + 20 + 3;
      assertEquals(entries, store.view(EtcdView::consistentIndex));
      assertEquals(0, store.view(EtcdView::term));
      assertEquals(new Applied(entries, 0), store.view(view -> new EtcdApplied().read(view)));
    }
  }

  @Test
  void progressRisesToAllChanges() {
    long[] last = {0};
    EtcdLoad load = new EtcdLoad(20_000, 5, 3);
    try (Store store = store(new HeapEngine())) {
      load.into(
          store,
          written -> {
            assertTrue(written > last[0]);
            last[0] = written;
          });
    }
    assertEquals(load.changes(), last[0]);
  }

  @Test
  void aStoreThatHoldsEtcdKeysIsLeftAlone() {
    try (Store store = loaded(new EtcdLoad(10, 5, 3), new HeapEngine())) {
      String before = store.view(ContentHash::v1);
      StorageException e =
          assertThrows(
              StorageException.class, () -> new EtcdLoad(10, 5, 4).into(store, written -> {}));
      assertEquals(StorageException.Code.EXISTS, e.code());
      assertEquals(before, store.hash());
    }
  }

  @Test
  void aNegativeNumberIsRefused() {
    for (Runnable load :
        new Runnable[] {() -> new EtcdLoad(-1, 0, 0), () -> new EtcdLoad(0, -1, 0)}) {
      StorageException e = assertThrows(StorageException.class, load::run);
      assertEquals(StorageException.Code.LIMIT, e.code());
    }
  }
}
