package dev.cairn.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.etcd.KeyHistories.Change;
import dev.cairn.snapshot.MapView;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.testkit.TestRun;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a key space, compacted here and there: members that compacted differently
 * agree on the hash, and the count of live keys needs no map.
 */
class HashKvTest {
  private static final long SEED = TestRun.seed(HashKvTest.class);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final KeyHistories keys = new KeyHistories(random);

  /** What etcd does, word for word: the newest change of each living key up to a revision. */
  private int expected(MapView view, long compaction, long revision) {
    Map<String, Change> newest = new TreeMap<>();
    keys.changes().stream()
        .filter(each -> each.at().main() <= revision)
        .forEach(each -> newest.put(each.key(), each));
    newest.values().removeIf(each -> each.at().tombstone());
    Set<Revision> keep = new HashSet<>();
    newest.values().forEach(each -> keep.add(each.at()));
    CRC32C crc = new CRC32C();
    crc.update("key".getBytes(UTF_8));
    try (Cursor cursor = view.openCursor(Bucket.named("key"))) {
      while (cursor.next()) {
        Revision at = Revision.decode(cursor.key());
        boolean skipped = at.main() <= compaction && !keep.isEmpty() && !keep.contains(at);
        boolean newersOnly = at.main() == compaction && at.tombstone();
        if (at.main() <= revision && !skipped && !newersOnly) {
          crc.update(cursor.key());
          crc.update(cursor.value());
        }
      }
    }
    return (int) crc.getValue();
  }

  @Test
  void everyRevisionHashesAsInEtcdWhateverWasCompactedAndHoweverSmallTheTable() {
    int compared = 0;
    for (int i = 0; i < TestRun.count(400, 20_000); i++) {
      keys.draw();
      long last = keys.lastRevision();
      long compaction = random.nextLong(1, last + 1);
      List<MapView> views =
          List.of(
              keys.compacted(compaction),
              keys.compactedByNewer(compaction),
              keys.interrupted(compaction, 0),
              keys.interrupted(compaction, random.nextLong(compaction)));
      for (MapView view : views) {
        for (long revision = Math.min(last, compaction + 1); revision <= last; revision++) {
          long asked = revision == compaction ? 0 : revision;
          int expected = expected(view, compaction, revision);
          assertEquals(expected, EtcdHash.hashKv(view, asked));
          compared++;
        }
      }
    }
    TestRun.report("HashKV comparisons", compared);
  }

  @Test
  void membersThatCompactedDifferentlyAgree() {
    int compared = 0;
    for (int i = 0; i < TestRun.count(500, 20_000); i++) {
      keys.draw();
      long last = keys.lastRevision();
      long compaction = random.nextLong(1, last + 1);
      MapView done = keys.compacted(compaction);
      MapView half = keys.interrupted(compaction, random.nextLong(compaction + 1));
      for (long revision = compaction + 1; revision <= last; revision++) {
        if (livesAt(revision)) {
          assertEquals(EtcdHash.hashKv(half, revision), EtcdHash.hashKv(done, revision));
          compared++;
        }
      }
    }
    TestRun.report("HashKV comparisons of members", compared);
  }

  /** The smallest table has room for 48 keys: many parts. */
  @Test
  void aTableThatIsTooSmallTakesMorePartsAndGivesTheSame() {
    int count = TestRun.count(3_000, 100_000);
    for (int round = 0; round < 2; round++) {
      keys.clear();
      for (int main = 2; main < 2 + 2 * count; main++) {
        keys.change(main, 0, "key" + random.nextInt(count));
      }
      long compaction = random.nextLong(count, 2L * count);
      for (MapView view :
          List.of(keys.compacted(compaction), keys.interrupted(compaction, count / 2))) {
        int expected = expected(view, compaction, keys.lastRevision());
        assertEquals(expected, HashKv.of(view, 0, 0));
        assertEquals(expected, HashKv.of(view, 0, 1 << 20));
      }
    }
    TestRun.report("keys hashed through a table of 64 slots", 4L * count);
  }

  /** Where nothing lives etcd leaves nothing out, and then what was thrown away shows. */
  private boolean livesAt(long revision) {
    Map<String, Boolean> lives = new TreeMap<>();
    for (Change each : keys.changes()) {
      if (each.at().main() <= revision) {
        lives.put(each.key(), !each.at().tombstone());
      }
    }
    return lives.containsValue(true);
  }

  @Test
  void liveKeysAreCountedWhateverWasCompacted() {
    for (int i = 0; i < TestRun.count(500, 20_000); i++) {
      keys.draw();
      OptionalLong expected = OptionalLong.of(keys.liveCount());
      assertEquals(expected, EtcdStatus.of(keys.compacted(0)).liveKeys());
      long compaction = random.nextLong(1, keys.lastRevision() + 1);
      assertEquals(expected, EtcdStatus.of(keys.compacted(compaction)).liveKeys());
      long done = random.nextLong(compaction + 1);
      assertEquals(expected, EtcdStatus.of(keys.interrupted(compaction, done)).liveKeys());
    }
  }
}
