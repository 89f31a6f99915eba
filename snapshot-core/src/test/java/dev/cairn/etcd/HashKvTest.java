package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.snapshot.MapView;
import dev.cairn.testkit.TestRun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
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

  /** The same, but interrupted before anything of it was done. */
  private MapView scheduled(long at) {
    MapView view = new MapView().bucket("key");
    history.forEach(each -> view.put("key", each.at().encode(), each.entry().toByteArray()));
    return view.put("meta", EtcdView.SCHEDULED_COMPACTION, Revision.of(at, 0).encode());
  }

  @Test
  void aCompactionThatIsDoneOrOnlyBegunHashesTheSame() {
    int compared = 0;
    for (int i = 0; i < TestRun.count(500, 20_000); i++) {
      randomHistory();
      long last = lastRevision();
      long compaction = random.nextLong(1, last + 1);
      MapView done = compacted(compaction);
      for (long revision = compaction + 1; revision <= last; revision++) {
        if (livesAt(revision)) {
          assertEquals(
              EtcdHash.hashKv(scheduled(compaction), revision), EtcdHash.hashKv(done, revision));
          compared++;
        }
      }
    }
    TestRun.report("HashKV comparisons", compared);
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
      assertEquals(OptionalLong.empty(), EtcdStatus.of(scheduled(compaction)).liveKeys());
    }
  }
}
