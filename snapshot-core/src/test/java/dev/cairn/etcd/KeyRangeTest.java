package dev.cairn.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cairn.etcd.KeyHistories.Change;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.snapshot.MapView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Ranges of random histories, against a map of what lives, however little heap they may take. */
class KeyRangeTest {
  private static final long SEED = TestRun.seed(KeyRangeTest.class);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final KeyHistories keys = new KeyHistories(random);

  private TreeMap<String, KeyValue> expected(long revision, Predicate<String> wanted) {
    TreeMap<String, KeyValue> live = new TreeMap<>();
    for (Change each : keys.changes()) {
      if (each.at().main() <= revision && wanted.test(each.key())) {
        if (each.at().tombstone()) {
          live.remove(each.key());
        } else {
          live.put(each.key(), each.entry());
        }
      }
    }
    return live;
  }

  private static TreeMap<String, KeyValue> read(
      MapView view, KeyRange range, long revision, long tableBytes) {
    TreeMap<String, KeyValue> live = new TreeMap<>();
    range.eachLiving(
        view,
        revision,
        tableBytes,
        (at, message) -> {
          KeyValue entry = parse(message);
          assertEquals(at.main(), entry.getModRevision());
          assertArrayEquals(KeyRange.entry(view, at), entry.toByteArray());
          assertNull(live.put(entry.getKey().toStringUtf8(), entry), "each key once");
        });
    return live;
  }

  private static KeyValue parse(ByteBuffer message) {
    try {
      return KeyValue.parseFrom(ByteString.copyFrom(message));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyRange range(String key, String end) {
    return KeyRange.of(key.getBytes(UTF_8), end.getBytes(UTF_8));
  }

  @Test
  void everyRangeAtEveryRevisionIsWhatLivesThere() {
    long compared = 0;
    for (int i = 0; i < TestRun.count(200, 10_000); i++) {
      keys.draw();
      long last = keys.lastRevision();
      long compaction = random.nextLong(1, last + 1);
      List<MapView> views =
          List.of(
              keys.compacted(compaction),
              keys.compactedByNewer(compaction),
              keys.interrupted(compaction, random.nextLong(compaction)));
      for (MapView view : views) {
        for (long revision = Math.max(2, compaction); revision <= last; revision++) {
          compared += compareRanges(view, revision);
        }
      }
    }
    TestRun.report("ranges compared", compared);
  }

  private long compareRanges(MapView view, long revision) {
    String from = "k" + random.nextInt(7);
    String to = "k" + random.nextInt(7);
    assertEquals(expected(revision, from::equals), read(view, range(from, ""), revision, 1 << 20));
    assertEquals(
        expected(revision, key -> key.compareTo(from) >= 0 && key.compareTo(to) < 0),
        read(view, range(from, to), revision, 1 << 20));
    assertEquals(
        expected(revision, key -> key.compareTo(from) >= 0),
        read(view, range(from, "\0"), revision, 1 << 20));
    assertEquals(expected(revision, key -> true), read(view, range("\0", "\0"), revision, 1 << 20));
    return 4;
  }

  /** The smallest table has room for 48 keys: many parts. */
  @Test
  void aTableThatIsTooSmallTakesMorePartsAndGivesTheSame() {
    int count = TestRun.count(2_000, 50_000);
    for (int main = 2; main < 2 + 2 * count; main++) {
      keys.change(main, 0, "key" + random.nextInt(count));
    }
    MapView view = keys.compacted(random.nextLong(1, count));
    for (long revision : new long[] {count, 2L * count, keys.lastRevision()}) {
      TreeMap<String, KeyValue> expected = expected(revision, key -> key.compareTo("key3") >= 0);
      assertEquals(expected, read(view, range("key3", "\0"), revision, 0));
      assertEquals(expected, read(view, range("key3", "\0"), revision, 1 << 20));
      TestRun.report("keys of a range read through a table of 64 slots", expected.size());
    }
  }

  @Test
  void boundsAreUnsignedAndAPrefixComesFirst() {
    MapView view = SmallContent.right();
    byte[][] names = {{1}, {1, 0}, {1, (byte) 0x80}, {2}, {(byte) 0xff}};
    for (int i = 0; i < names.length; i++) {
      KeyValue.Builder entry =
          SmallContent.entry("", 10 + i, 10 + i, 1).setKey(ByteString.copyFrom(names[i]));
      SmallContent.put(view, 10 + i, entry);
    }
    assertEquals(3, count(view, new byte[] {1}, new byte[] {2}));
    assertEquals(2, count(view, new byte[] {1, 0}, new byte[] {2}));
    assertEquals(1, count(view, new byte[] {1, (byte) 0x80}, new byte[] {2}));
    assertEquals(1, count(view, new byte[] {(byte) 0x80}, new byte[] {0}));
    assertEquals(0, count(view, new byte[] {2}, new byte[] {1}));
    assertEquals(1, count(view, new byte[] {1}, new byte[0]));
    assertEquals(0, count(view, new byte[] {1, 1}, new byte[0]));
  }

  private static int count(MapView view, byte[] from, byte[] end) {
    int[] count = new int[1];
    KeyRange.of(from, end).eachLiving(view, 100, 0, (at, message) -> count[0]++);
    return count[0];
  }

  @Test
  void damageIsToldAndNothingIsNothing() {
    MapView view = SmallContent.right();
    view.put("key", Revision.of(6, 0).encode(), new byte[] {-1});
    for (String end : new String[] {"", "\0"}) {
      StorageException e =
          assertThrows(StorageException.class, () -> read(view, range("a", end), 9, 0));
      assertEquals(Code.CORRUPT, e.code());
      assertTrue(e.getMessage().contains("6/0"), e.getMessage());
      assertEquals(new TreeMap<>(), read(new MapView(), range("a", end), 9, 0));
    }
    StorageException e =
        assertThrows(StorageException.class, () -> KeyRange.entry(view, Revision.of(77, 0)));
    assertEquals(Code.NOT_FOUND, e.code());
  }
}
