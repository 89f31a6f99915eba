package dev.cairn.etcd;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.snapshot.MapView;
import dev.cairn.spi.Bucket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Random histories of a key space, and what a server holds of one that compacted it. */
final class KeyHistories {
  /** One change. */
  record Change(Revision at, String key, KeyValue entry) {}

  private static final Bucket KEY = Bucket.named("key");

  private final SplittableRandom random;
  private final List<Change> changes = new ArrayList<>();
  private final Map<String, KeyValue> live = new TreeMap<>();

  KeyHistories(SplittableRandom random) {
    this.random = random;
  }

  /** The changes, in their order. */
  List<Change> changes() {
    return changes;
  }

  /** How many keys live after the last one. */
  int liveCount() {
    return live.size();
  }

  long lastRevision() {
    return changes.get(changes.size() - 1).at().main();
  }

  void clear() {
    changes.clear();
    live.clear();
  }

  /** Begins anew: few revisions of few keys, up to three keys a transaction. */
  void draw() {
    clear();
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

  /** Puts or deletes a key. */
  void change(long main, long sub, String key) {
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
    changes.add(new Change(new Revision(main, sub, deletes), key, entry.build()));
  }

  private static MapView frame() {
    MapView view = new MapView();
    EtcdBuckets.ALL.forEach(each -> view.bucket(each.toString()));
    return view.put("meta", EtcdView.CONSISTENT_INDEX, EtcdApplied.bigEndian(9));
  }

  private static void put(MapView view, Change change) {
    view.put("key", change.at().encode(), change.entry().toByteArray());
  }

  /** What a server holds that compacted at a revision, 0 for never. */
  MapView compacted(long at) {
    MapView view = frame();
    Map<String, Change> newest = new TreeMap<>();
    for (Change each : changes) {
      if (each.at().main() <= at) {
        newest.put(each.key(), each);
      } else {
        put(view, each);
      }
    }
    newest.values().stream()
        .filter(each -> !each.at().tombstone())
        .forEach(each -> put(view, each));
    if (at > 0) {
      byte[] revision = Revision.of(at, 0).encode();
      view.put("meta", EtcdView.SCHEDULED_COMPACTION, revision);
      view.put("meta", EtcdView.FINISHED_COMPACTION, revision);
    }
    return view;
  }

  /** The same, but interrupted when entries up to another revision were gone. */
  MapView interrupted(long at, long done) {
    MapView rest = compacted(at);
    MapView view = frame();
    for (Change each : changes) {
      if (each.at().main() > done || rest.get(KEY, each.at().encode()) != null) {
        put(view, each);
      }
    }
    return view.put("meta", EtcdView.SCHEDULED_COMPACTION, Revision.of(at, 0).encode());
  }

  /** The same, done, with the deletions at its very revision kept, as etcd does from 3.4.34 on. */
  MapView compactedByNewer(long at) {
    MapView view = compacted(at);
    for (Change each : changes) {
      if (each.at().main() == at && each.at().tombstone()) {
        put(view, each);
      }
    }
    return view;
  }
}
