package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdApplied;
import dev.cairn.etcd.proto.AlarmMember;
import dev.cairn.etcd.proto.AlarmRequest;
import dev.cairn.etcd.proto.AlarmResponse;
import dev.cairn.etcd.proto.StatusRequest;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Alarms as a real etcd 3.4.23 was seen to answer for them; ours tells them in a fixed order. */
@Timeout(600)
class AlarmTest {
  private static final int GET = 0;
  private static final int ACTIVATE = 1;
  private static final int DEACTIVATE = 2;
  private static final Bucket ALARM = Bucket.named("alarm");

  @TempDir Path directory;

  @BeforeAll
  static void quietly() {
    Loopback.quietly();
  }

  private static AlarmRequest request(int action, long member, int type) {
    return AlarmRequest.newBuilder()
        .setActionValue(action)
        .setMemberID(member)
        .setAlarmValue(type)
        .build();
  }

  /** Such as {@code 7:NOSPACE 3:CORRUPT}. */
  private static String ask(Served served, int action, long member, int type) {
    AlarmResponse response = served.ask(MaintenanceMethods.ALARM, request(action, member, type));
    assertFalse(response.hasHeader(), "etcd 3.4 sends none");
    return response.getAlarmsList().stream().map(AlarmTest::text).collect(Collectors.joining(" "));
  }

  private static String text(AlarmMember alarm) {
    return Long.toUnsignedString(alarm.getMemberID()) + ":" + alarm.getAlarm();
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lmdb"})
  void alarmsComeAndGoAsWithEtcd(String engine) {
    try (Store store = TestStores.ofFixture("tiny", engine, directory);
        Served served = new Served(store)) {
      assertEquals("", ask(served, GET, 0, 0));
      assertEquals("7:NONE", ask(served, ACTIVATE, 7, 0));
      assertEquals("7:NOSPACE", ask(served, ACTIVATE, 7, 1));
      assertEquals("7:NOSPACE", ask(served, ACTIVATE, 7, 1), "again");
      assertEquals("0:NOSPACE", ask(served, ACTIVATE, 0, 1));
      assertEquals("3:CORRUPT", ask(served, ACTIVATE, 3, 2));
      assertEquals("3:CORRUPT 7:NONE 7:NOSPACE 0:NOSPACE", ask(served, GET, 0, 0));
      assertEquals("7:NOSPACE 0:NOSPACE", ask(served, GET, 0, 1));
      assertEquals("7:NOSPACE 0:NOSPACE", ask(served, GET, 7, 1), "whoever raised them");
      assertEquals("3:CORRUPT", ask(served, GET, 0, 2));
      assertEquals("", ask(served, GET, 0, 9));
      assertEquals(
          List.of(
              "etcdserver: no leader",
              "memberID:3 alarm:CORRUPT ",
              "memberID:7 ",
              "memberID:7 alarm:NOSPACE ",
              "alarm:NOSPACE "),
          served
              .ask(MaintenanceMethods.STATUS, StatusRequest.getDefaultInstance())
              .getErrorsList());
      assertEquals("", ask(served, DEACTIVATE, 0, 0), "which is not: all");
      assertEquals("", ask(served, DEACTIVATE, 0, 2), "nor: of everybody");
      assertEquals("", ask(served, DEACTIVATE, 9, 2));
      assertEquals("3:CORRUPT", ask(served, DEACTIVATE, 3, 2));
      assertEquals("", ask(served, DEACTIVATE, 3, 2), "again");
      assertEquals("0:NOSPACE", ask(served, DEACTIVATE, 0, 1));
      assertEquals("7:NONE 7:NOSPACE", ask(served, GET, 0, 0));
    }
  }

  @ParameterizedTest
  @CsvSource({"7, 1, 08071001", "7, 0, 0807", "0, 1, 1001", "-1, 2, 08ffffffffffffffffff011002"})
  void theBucketHoldsEtcdsBytes(long member, int type, String hex) {
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        Served served = new Served(store)) {
      long index = store.applied().index();
      ask(served, ACTIVATE, member, type);
      byte[] key = HexFormat.of().parseHex(hex);
      assertArrayEquals(new byte[0], store.<byte[]>view(view -> view.get(ALARM, key)));
      assertEquals(index, store.applied().index(), "no entry of a log did this");
    }
  }

  @Test
  void anAlarmOutlivesARestartAndADisarmedOneDoesNot() {
    Path file;
    try (Store store = TestStores.ofFixture("rich", "lmdb", directory);
        Served served = new Served(store)) {
      file = store.file();
      assertEquals("5218205772321688242:NOSPACE", ask(served, GET, 0, 0));
      assertEquals(
          "5218205772321688242:NOSPACE", ask(served, DEACTIVATE, 5_218_205_772_321_688_242L, 1));
      ask(served, ACTIVATE, 300, 2);
    }
    StoreConfig again = StoreConfig.existing().withAppliedCodec(new EtcdApplied());
    try (Store store = Store.open(file, again);
        Served served = new Served(store)) {
      assertEquals("300:CORRUPT", ask(served, GET, 0, 0));
    }
  }

  /** A real etcd 3.4.23 dies of the first and of the last of these. */
  @Test
  void whatIsNoAlarmIsRefused() {
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        Served served = new Served(store)) {
      assertEquals(
          "INVALID_ARGUMENT limit alarm action 7 is unknown; take 0 to 2",
          served.refusal(MaintenanceMethods.ALARM, request(7, 1, 1)));
      assertEquals(
          "INVALID_ARGUMENT limit no alarm of member 4 has the type 9; 1 is NOSPACE, 2 is CORRUPT",
          served.refusal(MaintenanceMethods.ALARM, request(ACTIVATE, 4, 9)));
      assertEquals(
          "INVALID_ARGUMENT limit no alarm of member 0 has the type 0; 1 is NOSPACE, 2 is CORRUPT",
          served.refusal(MaintenanceMethods.ALARM, request(ACTIVATE, 0, 0)));
      assertEquals("", ask(served, GET, 0, 0));
    }
  }

  @Test
  void aStoreForReadingAloneRefusesChangesAndTellsItsAlarms() {
    TestStores.ofFixture("rich", "lmdb", directory).close();
    Path file = directory.resolve("rich-lmdb.db");
    try (Store store = TestStores.forReading(file);
        Served served = new Served(store)) {
      String before = store.hash();
      for (int action : new int[] {ACTIVATE, DEACTIVATE}) {
        String refusal = served.refusal(MaintenanceMethods.ALARM, request(action, 7, 1));
        assertTrue(refusal.startsWith("FAILED_PRECONDITION read-only "), refusal);
      }
      assertEquals("5218205772321688242:NOSPACE", ask(served, GET, 0, 0));
      assertEquals(before, store.hash());
    }
  }

  @Test
  void aStoreThatStoppedTellsWhy() {
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        Served served = new Served(store)) {
      store.refuseUpdates(StorageException.of(Code.CORRUPT, "the log and the store part"));
      String refusal = served.refusal(MaintenanceMethods.ALARM, request(ACTIVATE, 7, 1));
      assertTrue(refusal.startsWith("DATA_LOSS corrupt "), refusal);
      assertTrue(refusal.contains("the log and the store part"), refusal);
    }
  }

  @Test
  void aStoreThatIsNotEtcdsHasNoAlarms() {
    try (Store store = TestStores.empty("heap", directory);
        Served served = new Served(store)) {
      assertEquals("", ask(served, GET, 0, 0));
      String refusal = served.refusal(MaintenanceMethods.ALARM, request(ACTIVATE, 7, 1));
      assertTrue(refusal.startsWith("NOT_FOUND not-found "), refusal);
      assertEquals(List.of(), store.view(view -> view.buckets()));
    }
  }
}
