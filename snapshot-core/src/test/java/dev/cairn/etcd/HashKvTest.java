package dev.cairn.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.snapshot.MapView;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.testkit.TestRun;
import java.util.ArrayList;
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

  private record Change(Revision at, String key, KeyValue entry) {}

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<Change> history = new ArrayList<>();
  private final Map<String, KeyValue> live = new TreeMap<>();

  private void randomHistory() {
    history.clear();
    live.clear();
    int revisions = random.nextInt(1, 40);
    for (long main = 2; main < 2 + revisions; main++) {
      Set<String> keys = new HashSet<>();
      for (int i = 0; i < random.nextInt(1, 4); i++) {
        keys.add("k" + random.nextInt(6));
      }
      long sub = 0;
      for (String key : keys) {
        change(main, sub++, key);
      }
    }
  }

  private void change(long main, long sub, String key) {
    KeyValue before = live.get(key);
    ByteString name = ByteString.copyFromUtf8(key);
    boolean deletes = before != null && random.nextInt(3) == 0;
    KeyValue.Builder entry = KeyValue.newBuilder().setKey(name);
    if (deletes) {
      live.remove(key);
    } else {
      entry
          .setCreateRevision(before == null ? main : before.getCreateRevision())
          .setModRevision(main)
          .setVersion(before == null ? 1 : before.getVersion() + 1)
          .setValue(ByteString.copyFromUtf8("v" + main));
      live.put(key, entry.build());
    }
    history.add(new Change(new Revision(main, sub, deletes), key, entry.build()));
  }

  private long lastRevision() {
    return history.get(history.size() - 1).at().main();
  }

  /** What a server holds that compacted at a revision, 0 for never. */
  private MapView compacted(long at) {
    MapView view = new MapView().bucket("key").bucket("meta");
    Map<String, Change> newest = new TreeMap<>();
    for (Change each : history) {
      if (each.at().main() <= at) {
        newest.put(each.key(), each);
      } else {
        view.put("key", each.at().encode(), each.entry().toByteArray());
      }
    }
    newest.values().stream()
        .filter(each -> !each.at().tombstone())
        .forEach(each -> view.put("key", each.at().encode(), each.entry().toByteArray()));
    if (at > 0) {
      byte[] revision = Revision.of(at, 0).encode();
      view.put("meta", EtcdView.SCHEDULED_COMPACTION, revision);
      view.put("meta", EtcdView.FINISHED_COMPACTION, revision);
    }
    return view;
  }

  /** The same, but interrupted when entries up to another revision were gone. */
  private MapView interrupted(long at, long done) {
    MapView rest = compacted(at);
    MapView view = new MapView().bucket("key");
    for (Change each : history) {
      byte[] key = each.at().encode();
      if (each.at().main() > done || rest.get(Bucket.named("key"), key) != null) {
        view.put("key", key, each.entry().toByteArray());
      }
    }
    return view.put("meta", EtcdView.SCHEDULED_COMPACTION, Revision.of(at, 0).encode());
  }

  /** The same, done, with the deletions at its very revision kept, as etcd does from 3.4.34 on. */
  private MapView compactedByNewer(long at) {
    MapView view = compacted(at);
    for (Change each : history) {
      if (each.at().main() == at && each.at().tombstone()) {
        view.put("key", each.at().encode(), each.entry().toByteArray());
      }
    }
    return view;
  }

  /** What etcd does, word for word: the newest change of each living key up to a revision. */
  private int expected(MapView view, long compaction, long revision) {
    Map<String, Change> newest = new TreeMap<>();
    history.stream()
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
      randomHistory();
      long last = lastRevision();
      long compaction = random.nextLong(1, last + 1);
      List<MapView> views =
          List.of(
              compacted(compaction),
              compactedByNewer(compaction),
              interrupted(compaction, 0),
              interrupted(compaction, random.nextLong(compaction)));
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
      randomHistory();
      long last = lastRevision();
      long compaction = random.nextLong(1, last + 1);
      MapView done = compacted(compaction);
      MapView half = interrupted(compaction, random.nextLong(compaction + 1));
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
    int keys = TestRun.count(3_000, 100_000);
    for (int round = 0; round < 2; round++) {
      history.clear();
      live.clear();
      for (int main = 2; main < 2 + 2 * keys; main++) {
        change(main, 0, "key" + random.nextInt(keys));
      }
      long compaction = random.nextLong(keys, 2L * keys);
      for (MapView view : List.of(compacted(compaction), interrupted(compaction, keys / 2))) {
        int expected = expected(view, compaction, lastRevision());
        assertEquals(expected, HashKv.of(view, 0, 0));
        assertEquals(expected, HashKv.of(view, 0, 1 << 20));
      }
    }
    TestRun.report("keys hashed through a table of 64 slots", 4L * keys);
  }

  /** Where nothing lives etcd leaves nothing out, and then what was thrown away shows. */
  private boolean livesAt(long revision) {
    Map<String, Boolean> lives = new TreeMap<>();
    for (Change each : history) {
      if (each.at().main() <= revision) {
        lives.put(each.key(), !each.at().tombstone());
      }
    }
    return lives.containsValue(true);
  }

  @Test
  void liveKeysAreCountedWhateverWasCompacted() {
    for (int i = 0; i < TestRun.count(500, 20_000); i++) {
      randomHistory();
      OptionalLong expected = OptionalLong.of(live.size());
      assertEquals(expected, EtcdStatus.of(compacted(0)).liveKeys());
      long compaction = random.nextLong(1, lastRevision() + 1);
      assertEquals(expected, EtcdStatus.of(compacted(compaction)).liveKeys());
      assertEquals(OptionalLong.empty(), EtcdStatus.of(interrupted(compaction, 0)).liveKeys());
    }
  }
}
