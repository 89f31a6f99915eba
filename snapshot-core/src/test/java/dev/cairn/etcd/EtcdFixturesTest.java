package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.snapshot.Fixture;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a real etcd and its tools said of their files, said by us. */
class EtcdFixturesTest {
  @TempDir Path directory;

  private ReadView open(Fixture fixture) {
    return SnapshotFile.inspect(fixture.in(directory)).openView();
  }

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void statusIsEtcdctls(Fixture fixture) {
    try (ReadView view = open(fixture)) {
      EtcdStatus status = EtcdStatus.of(view);
      assertEquals(fixture.statusHash, status.hash());
      assertEquals(fixture.statusHash, EtcdHash.status(view));
      assertEquals(fixture.revision, status.revision());
      assertEquals(fixture.totalKeys, status.totalKeys());
      assertEquals(OptionalLong.of(liveKeysByMap(view)), status.liveKeys());
    }
  }

  /** The straightforward count, which needs a map of all keys. */
  private static long liveKeysByMap(ReadView view) {
    Map<ByteBuffer, Boolean> live = new HashMap<>();
    try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
      while (cursor.next()) {
        byte[] value = new byte[cursor.value().remaining()];
        cursor.value().get(value);
        boolean tombstone = Revision.decode(cursor.key()).tombstone();
        live.put(KeyValueScan.key(ByteBuffer.wrap(value)), !tombstone);
      }
    }
    return live.values().stream().filter(each -> each).count();
  }

  @Test
  void liveKeysAreThoseOfTheServersRange() {
    try (ReadView view = open(Fixture.RICH)) {
      assertEquals(OptionalLong.of(2305), EtcdStatus.of(view).liveKeys());
    }
  }

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void maintenanceHashIsTheServers(Fixture fixture) {
    try (ReadView view = open(fixture)) {
      assertEquals(fixture.maintenanceHash, EtcdHash.maintenance(view));
      assertEquals(fixture.consistentIndex, EtcdView.consistentIndex(view));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TINY, 0, 2649020667",
    "TINY, 8, 2649020667",
    "RICH, 0, 1977090742",
    "RICH, 3239, 2804277608",
    "WAL, 0, 1255962300"
  })
  void hashKvIsTheServers(Fixture fixture, long revision, long hash) {
    try (ReadView view = open(fixture)) {
      assertEquals((int) hash, EtcdHash.hashKv(view, revision));
    }
  }

  @ParameterizedTest
  @CsvSource({"RICH, 2449, compacted", "RICH, 3311, still to come", "TINY, -1, still to come"})
  void hashKvRefusesOtherRevisions(Fixture fixture, long revision, String why) {
    try (ReadView view = open(fixture)) {
      StorageException e =
          assertThrows(StorageException.class, () -> EtcdHash.hashKv(view, revision));
      assertEquals(StorageException.Code.LIMIT, e.code());
      assertEquals(true, e.getMessage().contains(why), e.getMessage());
    }
  }

  @Test
  void singleFactsAreReadWhereTheyStand() {
    try (ReadView view = open(Fixture.RICH)) {
      assertEquals(2449, EtcdView.compactRevision(view));
      assertEquals(3310, EtcdView.currentRevision(view));
      assertEquals(0, EtcdView.term(view));
      assertEquals(Optional.of("3.4.0"), EtcdView.clusterVersion(view));
      assertEquals(Optional.empty(), EtcdView.storageVersion(view));
      assertEquals(List.of(Long.toHexString(5218205772321688242L)), EtcdView.memberIds(view));
    }
    try (ReadView view = open(Fixture.TINY)) {
      assertEquals(List.of("73c2be9d6338bf7b"), EtcdView.memberIds(view));
      assertEquals(0, EtcdView.compactRevision(view));
    }
  }
}
