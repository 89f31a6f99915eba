package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cairn.etcd.EtcdApplied;
import dev.cairn.etcd.Revision;
import dev.cairn.etcd.proto.CompactionRequest;
import dev.cairn.etcd.proto.DeleteRangeRequest;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.etcd.proto.PutRequest;
import dev.cairn.etcd.proto.RangeRequest;
import dev.cairn.etcd.proto.RangeRequest.SortOrder;
import dev.cairn.etcd.proto.RangeRequest.SortTarget;
import dev.cairn.etcd.proto.RangeResponse;
import dev.cairn.etcd.proto.TxnRequest;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engines;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.store.StoreTx;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Range as a real etcd 3.4.23 was seen to answer, and random ones against a map. */
@Timeout(600)
class RangeTest {
  private static final long SEED = TestRun.seed(RangeTest.class);
  private static final Bucket KEY = Bucket.named("key");
  private static final Bucket META = Bucket.named("meta");

  @TempDir Path directory;
  private final SplittableRandom random = new SplittableRandom(SEED);

  /** The state of the keys after each revision. */
  private final TreeMap<Long, TreeMap<String, KeyValue>> states = new TreeMap<>();

  @BeforeAll
  static void quietly() {
    Loopback.quietly();
  }

  private static Store store(String engine, Path directory) {
    Store store = TestStores.empty(engine, directory);
    store.update(
        tx -> {
          tx.createBucket(KEY);
          tx.createBucket(META);
        });
    return store;
  }

  private TreeMap<String, KeyValue> now() {
    return states.isEmpty() ? new TreeMap<>() : new TreeMap<>(states.lastEntry().getValue());
  }

  private long revision() {
    return states.isEmpty() ? 1 : states.lastKey();
  }

  /** One revision; a null value deletes. */
  private void change(Store store, String... keysAndValues) {
    long main = revision() + 1;
    TreeMap<String, KeyValue> live = now();
    store.update(
        tx -> {
          for (int i = 0; i < keysAndValues.length; i += 2) {
            change(tx, live, main, i / 2, keysAndValues[i], keysAndValues[i + 1]);
          }
        });
    states.put(main, live);
  }

  private static void change(
      StoreTx tx, TreeMap<String, KeyValue> live, long main, long sub, String key, String value) {
    KeyValue before = live.get(key);
    KeyValue.Builder entry = KeyValue.newBuilder().setKey(ByteString.copyFromUtf8(key));
    if (value == null) {
      live.remove(key);
    } else {
      entry
          .setCreateRevision(before == null ? main : before.getCreateRevision())
          .setModRevision(main)
          .setVersion(before == null ? 1 : before.getVersion() + 1)
          .setValue(ByteString.copyFromUtf8(value));
      live.put(key, entry.build());
    }
    Revision at = new Revision(main, sub, value == null);
    tx.put(KEY, at.encode(), entry.build().toByteArray());
  }

  private static RangeRequest.Builder range(String key, String end) {
    return RangeRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setRangeEnd(ByteString.copyFromUtf8(end));
  }

  private static RangeRequest.Builder all() {
    return range("\0", "\0");
  }

  /** Such as {@code a=1b d=4, more, of 3}. */
  private static String ask(Served served, RangeRequest.Builder request) {
    RangeResponse response = served.ask(KvMethods.RANGE, request.build());
    assertTrue(response.hasHeader());
    String entries =
        response.getKvsList().stream().map(RangeTest::text).collect(Collectors.joining(" "));
    return entries + (response.getMore() ? ", more" : "") + ", of " + response.getCount();
  }

  private static String text(KeyValue entry) {
    return entry.getKey().toStringUtf8() + "=" + entry.getValue().toStringUtf8();
  }

  /** The history with which the real etcd was asked. */
  private void seenHistory(Store store) {
    change(store, "a", "1");
    change(store, "b", "2");
    change(store, "c", "3");
    change(store, "a", "1b");
    change(store, "d", "4");
    change(store, "b", null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lmdb"})
  void rangesAreEtcds(String engine) {
    try (Store store = store(engine, directory);
        Served served = new Served(store)) {
      seenHistory(store);
      assertEquals("a=1b, of 1", ask(served, range("a", "")));
      assertEquals(", of 0", ask(served, range("b", "")));
      assertEquals(", of 0", ask(served, range("health", "")));
      assertEquals("b=2, of 1", ask(served, range("b", "").setRevision(3)));
      assertEquals("a=1b c=3, of 2", ask(served, range("a", "d")));
      assertEquals("a=1b c=3 d=4, of 3", ask(served, range("a", "\0")));
      assertEquals("a=1b, more, of 3", ask(served, all().setLimit(1)));
      assertEquals("a=1b c=3 d=4, of 3", ask(served, range("a", "\0").setLimit(3)));
      assertEquals("a=1b, of 1", ask(served, range("a", "").setLimit(-1)));
      assertEquals(", of 3", ask(served, all().setCountOnly(true).setLimit(1)));
      assertEquals("a= c= d=, of 3", ask(served, all().setKeysOnly(true)));
      assertEquals("a=1b, of 1", ask(served, range("a", "").setRevision(-5)));
      assertEquals(", of 0", ask(served, range("d", "a")));
      assertEquals("a=1b d=4, of 3", ask(served, all().setMinModRevision(5)));
      assertEquals("a=1b, more, of 3", ask(served, all().setMaxModRevision(5).setLimit(1)));
      assertEquals(
          "c=3, of 3",
          ask(served, all().setMinCreateRevision(3).setMaxCreateRevision(4).setLimit(1)));
      assertEquals(", of 3", ask(served, all().setMinModRevision(6).setCountOnly(true)));
      assertEquals("d=4, more, of 3", ask(served, all().setSortOrderValue(2).setLimit(1)));
      assertEquals("c=3, more, of 3", ask(served, all().setSortTargetValue(3).setLimit(1)));
      assertEquals("a=1b, of 1", ask(served, range("a", "").setSortOrderValue(7)));
      assertEquals(7, served.ask(KvMethods.RANGE, all().build()).getHeader().getRevision());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "KEY, NONE, a c d", "KEY, ASCEND, a c d", "KEY, DESCEND, d c a",
    "VERSION, NONE, c d a", "VERSION, ASCEND, c d a", "VERSION, DESCEND, a c d",
    "CREATE, NONE, a c d", "CREATE, ASCEND, a c d", "CREATE, DESCEND, d c a",
    "MOD, NONE, c a d", "MOD, ASCEND, c a d", "MOD, DESCEND, d a c",
    "VALUE, NONE, a c d", "VALUE, ASCEND, a c d", "VALUE, DESCEND, d c a"
  })
  void ordersAreEtcds(SortTarget target, SortOrder order, String keys) {
    try (Store store = store("heap", directory);
        Served served = new Served(store)) {
      seenHistory(store);
      RangeRequest.Builder request = all().setSortTarget(target).setSortOrder(order);
      RangeResponse response = served.ask(KvMethods.RANGE, request.build());
      assertEquals(
          keys,
          response.getKvsList().stream()
              .map(each -> each.getKey().toStringUtf8())
              .collect(Collectors.joining(" ")));
    }
  }

  @Test
  void refusalsAreEtcds() {
    try (Store store = store("heap", directory);
        Served served = new Served(store)) {
      seenHistory(store);
      compactionTo(store, 4);
      assertEquals(
          "INVALID_ARGUMENT limit etcdserver: key is not provided",
          served.refusal(KvMethods.RANGE, RangeRequest.getDefaultInstance()));
      assertEquals(
          "OUT_OF_RANGE limit etcdserver: mvcc: required revision is a future revision",
          served.refusal(KvMethods.RANGE, all().setRevision(8).build()));
      assertEquals(
          "OUT_OF_RANGE limit etcdserver: mvcc: required revision has been compacted",
          served.refusal(KvMethods.RANGE, all().setRevision(3).build()));
      assertEquals("a=1, of 1", ask(served, range("a", "").setRevision(4)), "the last one left");
      // A real etcd 3.4.23 dies of this; 3.5 answers as ours.
      assertEquals(
          "INVALID_ARGUMENT limit etcdserver: invalid sort option",
          served.refusal(KvMethods.RANGE, all().setSortTargetValue(7).build()));
    }
  }

  private static void compactionTo(Store store, long revision) {
    byte[] key = "scheduledCompactRev".getBytes(UTF_8);
    store.update(tx -> tx.put(META, key, Revision.of(revision, 0).encode()));
  }

  @Test
  void whatWouldWriteIsRefused() {
    String refusal =
        "UNIMPLEMENTED unsupported keys are served for reading alone; write through the process"
            + " that has the store";
    try (Store store = store("heap", directory);
        Served served = new Served(store)) {
      String before = store.hash();
      assertEquals(refusal, served.refusal(KvMethods.PUT, PutRequest.getDefaultInstance()));
      assertEquals(
          refusal, served.refusal(KvMethods.DELETE_RANGE, DeleteRangeRequest.getDefaultInstance()));
      assertEquals(refusal, served.refusal(KvMethods.TXN, TxnRequest.getDefaultInstance()));
      assertEquals(
          refusal, served.refusal(KvMethods.COMPACT, CompactionRequest.getDefaultInstance()));
      assertEquals(before, store.hash());
    }
  }

  @Test
  void anAnswerIsBounded() {
    try (Store store = store("lmdb", directory);
        Served served = new Served(store)) {
      String large = "x".repeat(1_000_000);
      for (int i = 0; i < 6; i++) {
        change(store, "key" + i, large);
      }
      String refusal =
          "RESOURCE_EXHAUSTED limit the answer is larger than 4194304 bytes; ask for less with"
              + " limit, keys_only or count_only";
      assertEquals(refusal, served.refusal(KvMethods.RANGE, all().build()));
      assertEquals(refusal, served.refusal(KvMethods.RANGE, all().setLimit(5).build()));
      RangeResponse four = served.ask(KvMethods.RANGE, all().setLimit(4).build());
      assertEquals(4, four.getKvsCount());
      assertTrue(four.getMore());
      assertEquals(large, four.getKvs(3).getValue().toStringUtf8());
      assertEquals(6, served.ask(KvMethods.RANGE, all().setKeysOnly(true).build()).getKvsCount());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lmdb"})
  void randomRangesAreThoseOfAMap(String engine) {
    try (Store store = store(engine, directory);
        Served served = new Served(store)) {
      for (int i = 0; i < 150; i++) {
        change(store, randomChange());
      }
      int count = TestRun.count(400, 20_000);
      for (int i = 0; i < count; i++) {
        RangeRequest request = randomRequest();
        RangeResponse answer = served.ask(KvMethods.RANGE, request);
        assertEquals(
            expected(request), answer.toBuilder().clearHeader().build(), request::toString);
      }
      TestRun.report("random ranges compared, " + engine, count);
    }
  }

  private String[] randomChange() {
    List<String> change = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      keys.add("k" + (char) ('a' + i));
    }
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      String key = keys.remove(random.nextInt(keys.size()));
      boolean deletes = now().containsKey(key) && random.nextInt(3) == 0;
      Collections.addAll(change, key, deletes ? null : "v" + random.nextInt(10));
    }
    return change.toArray(String[]::new);
  }

  private String randomKey() {
    return "k" + (char) ('a' + random.nextInt(32));
  }

  private RangeRequest randomRequest() {
    String[] ends = {"", "\0", randomKey(), randomKey()};
    RangeRequest.Builder request =
        range(randomKey(), ends[random.nextInt(ends.length)])
            .setSortOrderValue(random.nextInt(3))
            .setSortTargetValue(random.nextInt(5))
            .setKeysOnly(random.nextInt(4) == 0)
            .setCountOnly(random.nextInt(8) == 0);
    if (random.nextBoolean()) {
      request.setRevision(random.nextLong(2, revision() + 1));
    }
    if (random.nextBoolean()) {
      request.setLimit(random.nextLong(1, 8));
    }
    if (random.nextInt(3) == 0) {
      request.setMinModRevision(random.nextLong(revision()));
      request.setMaxCreateRevision(random.nextLong(revision()));
    }
    return request.build();
  }

  /** The rules of etcd, one after the other: select, count, filter, sort, cut. */
  private RangeResponse expected(RangeRequest request) {
    long revision = request.getRevision() > 0 ? request.getRevision() : revision();
    List<KeyValue> found = new ArrayList<>();
    for (KeyValue each : states.get(revision).values()) {
      if (isIn(request, each.getKey().toStringUtf8())) {
        found.add(each);
      }
    }
    RangeResponse.Builder response = RangeResponse.newBuilder().setCount(found.size());
    if (request.getCountOnly()) {
      return response.build();
    }
    found.removeIf(
        each ->
            each.getModRevision() < request.getMinModRevision()
                || (request.getMaxCreateRevision() > 0
                    && each.getCreateRevision() > request.getMaxCreateRevision()));
    Comparator<KeyValue> order = order(request.getSortTarget());
    found.sort(request.getSortOrder() == SortOrder.DESCEND ? order.reversed() : order);
    int limit = request.getLimit() == 0 ? found.size() : (int) request.getLimit();
    for (KeyValue each : found.subList(0, Math.min(limit, found.size()))) {
      response.addKvs(request.getKeysOnly() ? each.toBuilder().clearValue().build() : each);
    }
    return response.setMore(found.size() > limit).build();
  }

  private static boolean isIn(RangeRequest request, String key) {
    String from = request.getKey().toStringUtf8();
    String end = request.getRangeEnd().toStringUtf8();
    if (end.isEmpty()) {
      return key.equals(from);
    }
    return key.compareTo(from) >= 0 && (end.equals("\0") || key.compareTo(end) < 0);
  }

  private static Comparator<KeyValue> order(SortTarget target) {
    return switch (target) {
      case KEY -> Comparator.comparing(each -> each.getKey().toStringUtf8());
      case VERSION -> Comparator.comparing(KeyValue::getVersion);
      case CREATE -> Comparator.comparing(KeyValue::getCreateRevision);
      case MOD -> Comparator.comparing(KeyValue::getModRevision);
      case VALUE -> Comparator.comparing(each -> each.getValue().toStringUtf8());
      case UNRECOGNIZED -> throw new AssertionError();
    };
  }

  /** The answers of before are known, and must not be given for those of now. */
  @ParameterizedTest
  @ValueSource(strings = {"heap", "lmdb"})
  void keysThatAreAskedForAgainAreFollowed(String engine) {
    try (Store store = store(engine, directory);
        Served served = new Served(store)) {
      int rounds = TestRun.count(150, 3_000);
      for (int i = 0; i < rounds; i++) {
        change(store, randomChange());
        if (i % 20 == 19) {
          compact(store, revision() - random.nextInt(10));
          store.defragment();
        }
        for (int j = 0; j < 3; j++) {
          RangeRequest request = range(randomKey(), "").build();
          RangeResponse answer = served.ask(KvMethods.RANGE, request);
          assertEquals(expected(request), answer.toBuilder().clearHeader().build());
        }
      }
      TestRun.report("rounds of keys asked for again, " + engine, rounds);
    }
  }

  /** Throws away what a compaction does. */
  private void compact(Store store, long to) {
    Map<String, Revision> newest = new TreeMap<>();
    List<Revision> dead = new ArrayList<>();
    store.view(
        view -> {
          try (Cursor cursor = view.openCursor(KEY)) {
            while (cursor.next()) {
              Revision at = Revision.decode(cursor.key());
              String key = keyOf(cursor.value());
              if (at.main() <= to) {
                Revision before = newest.put(key, at);
                dead.addAll(before == null ? List.of() : List.of(before));
              }
            }
          }
          return null;
        });
    newest.values().stream().filter(Revision::tombstone).forEach(dead::add);
    store.update(
        tx -> {
          dead.forEach(each -> tx.delete(KEY, each.encode()));
          tx.put(META, "scheduledCompactRev".getBytes(UTF_8), Revision.of(to, 0).encode());
          tx.put(META, "finishedCompactRev".getBytes(UTF_8), Revision.of(to, 0).encode());
        });
  }

  private static String keyOf(ByteBuffer message) {
    try {
      return KeyValue.parseFrom(ByteString.copyFrom(message)).getKey().toStringUtf8();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aKeyOfAContentThatIsReplacedIsForgotten() {
    Path other = directory.resolve("other.db");
    StoreConfig config = StoreConfig.engine("lmdb").withAppliedCodec(new EtcdApplied());
    try (Store next = Store.open(other, config)) {
      next.update(
          tx -> {
            tx.createBucket(KEY);
            tx.createBucket(META);
          });
      change(next, "b", "other");
    }
    states.clear();
    try (Store store = store("lmdb", directory);
        Served served = new Served(store)) {
      change(store, "a", "1");
      assertEquals("a=1, of 1", ask(served, range("a", "")));
      assertEquals(", of 0", ask(served, range("b", "")));
      store.replace(other, Engines.named("lmdb"), BackendConfig.defaults());
      assertEquals(", of 0", ask(served, range("a", "")));
      assertEquals("b=other, of 1", ask(served, range("b", "")));
    }
  }

  @Test
  void whatARealEtcdHeldIsFound() {
    try (Store store = TestStores.ofFixture("rich", "lmdb", directory);
        Served served = new Served(store)) {
      RangeResponse count = served.ask(KvMethods.RANGE, all().setCountOnly(true).build());
      assertEquals(2305, count.getCount());
      assertEquals(3310, count.getHeader().getRevision());
      RangeResponse keys = served.ask(KvMethods.RANGE, all().setKeysOnly(true).build());
      assertEquals(2305, keys.getKvsCount());
      assertFalse(keys.getMore());
      KeyValue last = keys.getKvs(2304);
      RangeRequest one = RangeRequest.newBuilder().setKey(last.getKey()).build();
      KeyValue whole = served.ask(KvMethods.RANGE, one).getKvs(0);
      assertEquals(last, whole.toBuilder().clearValue().build());
    }
  }
}
