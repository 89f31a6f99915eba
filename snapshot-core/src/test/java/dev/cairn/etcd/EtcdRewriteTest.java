package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.Fixture;
import dev.cairn.snapshot.MapView;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.BatchView;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EtcdRewriteTest {
  private static final long SEED = TestRun.seed(EtcdRewriteTest.class);
  private static final NewCluster ONE = cluster(TargetVersion.V3_4);
  private static final Set<Bucket> CHANGED =
      Set.of(EtcdBuckets.MEMBERS, EtcdBuckets.MEMBERS_REMOVED, EtcdBuckets.META);

  @TempDir Path directory;

  private static NewCluster cluster(TargetVersion target) {
    return NewCluster.of(ClusterFlags.defaults().withTarget(target));
  }

  private ReadView open(Fixture fixture) {
    return SnapshotFile.inspect(fixture.in(directory)).openView();
  }

  private ReadView rewritten(Fixture fixture, NewCluster cluster, long bump) {
    ReadView view = open(fixture);
    return BatchView.of(view, EtcdRewrite.of(view, cluster, bump).changes());
  }

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void onlyMembersAndIndexChange(Fixture fixture) {
    try (ReadView before = open(fixture);
        ReadView after = rewritten(fixture, ONE, 0)) {
      assertEquals(List.of("8e9e05c52164694d"), EtcdView.memberIds(after));
      assertNull(after.lastKey(EtcdBuckets.MEMBERS_REMOVED));
      assertEquals(1, EtcdView.consistentIndex(after));
      assertEquals(0, EtcdView.term(after));
      assertEquals(fixture.revision, EtcdView.currentRevision(after));
      assertEquals(EtcdHash.hashKv(before, 0), EtcdHash.hashKv(after, 0));
      assertEquals(before.buckets(), after.buckets());
      for (Bucket bucket : before.buckets()) {
        if (!CHANGED.contains(bucket)) {
          assertEquals(hash(before, bucket), hash(after, bucket), bucket::toString);
        }
      }
    }
  }

  private static String hash(ReadView view, Bucket bucket) {
    MapView alone = new MapView().bucket(bucket.toString());
    try (Cursor cursor = view.openCursor(bucket)) {
      while (cursor.next()) {
        byte[] key = new byte[cursor.key().remaining()];
        byte[] value = new byte[cursor.value().remaining()];
        cursor.key().get(key);
        cursor.value().get(value);
        alone.put(bucket.toString(), key, value);
      }
    }
    return ContentHash.v1(alone);
  }

  @Test
  void theTermIsWrittenWhereAServerKnowsIt() {
    try (ReadView after = rewritten(Fixture.TINY, cluster(TargetVersion.V3_5), 0)) {
      assertEquals(1, EtcdView.term(after));
    }
  }

  @Test
  void theRevisionMovesOnAndAllBeforeCountsAsCompacted() {
    try (ReadView after = rewritten(Fixture.TINY, ONE, 1_000_000)) {
      assertEquals(1_000_008, EtcdView.currentRevision(after));
      assertEquals(1_000_008, EtcdView.compactRevision(after));
      byte[] key = Revision.of(1_000_008, 0).encode();
      assertArrayEquals(new byte[0], after.get(EtcdBuckets.KEY, key));
    }
    try (ReadView view = open(Fixture.TINY)) {
      StorageException e =
          assertThrows(StorageException.class, () -> EtcdRewrite.of(view, ONE, Long.MAX_VALUE));
      assertEquals(Code.LIMIT, e.code());
    }
  }

  /** A restore does what the server would have done at its next start, and nothing else. */
  @Test
  void aCompactionThatWasUnderWayIsBroughtToItsEnd() {
    NewCluster ofItsOwn = NewCluster.of(ClusterFlags.defaults().withToken("of its own"));
    SplittableRandom random = new SplittableRandom(SEED);
    KeyHistories keys = new KeyHistories(random);
    int count = TestRun.count(500, 20_000);
    for (int i = 0; i < count; i++) {
      keys.draw();
      long at = random.nextLong(1, keys.lastRevision() + 1);
      MapView begun = keys.interrupted(at, random.nextLong(at));
      EtcdRewrite rewrite = EtcdRewrite.of(begun, ofItsOwn, 0);
      assertEquals(1, rewrite.notes().size(), () -> rewrite.notes().toString());
      try (ReadView ended = BatchView.of(begun, rewrite.changes())) {
        assertEquals(hash(keys.compacted(at), EtcdBuckets.KEY), hash(ended, EtcdBuckets.KEY));
        assertEquals(at, EtcdView.finishedCompaction(ended));
      }
    }
    TestRun.report("compactions that a restore finished", count);
  }

  @Test
  void anAlarmThatComesAlongIsNamed() {
    NewCluster ofItsOwn = NewCluster.of(ClusterFlags.defaults().withToken("of its own"));
    try (ReadView view = open(Fixture.RICH)) {
      List<String> notes = EtcdRewrite.of(view, ofItsOwn, 0).notes();
      assertEquals(1, notes.size(), notes::toString);
      assertTrue(notes.get(0).endsWith(" alarm:NOSPACE"), notes.get(0));
    }
  }

  @Test
  void aContentThatIsNotEtcdsIsRefused() {
    MapView other = new MapView().bucket("users");
    StorageException e = assertThrows(StorageException.class, () -> EtcdRewrite.of(other, ONE, 0));
    assertEquals(Code.UNSUPPORTED, e.code());
  }
}
