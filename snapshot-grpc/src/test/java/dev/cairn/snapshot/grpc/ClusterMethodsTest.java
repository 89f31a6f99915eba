package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cairn.etcd.proto.DowngradeRequest;
import dev.cairn.etcd.proto.DowngradeRequest.DowngradeAction;
import dev.cairn.etcd.proto.MoveLeaderRequest;
import dev.cairn.etcd.proto.SnapshotRequest;
import dev.cairn.etcd.proto.SnapshotResponse;
import dev.cairn.etcd.proto.StatusRequest;
import dev.cairn.etcd.proto.StatusResponse;
import dev.cairn.spi.Bucket;
import dev.cairn.store.Store;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What only a cluster could do, and what only a content of 3.5 or 3.6 tells. */
@Timeout(600)
class ClusterMethodsTest {
  private static final Bucket CLUSTER = Bucket.named("cluster");
  private static final Bucket META = Bucket.named("meta");

  @TempDir Path directory;

  @BeforeAll
  static void quietly() {
    Loopback.quietly();
  }

  /** As a real etcd 3.4.23 answered: the leader of a cluster of one, and who is not leader. */
  @ParameterizedTest
  @CsvSource({
    "26, 26, 26, ''",
    "26, 26, 0, FAILED_PRECONDITION unsupported etcdserver: bad leader transferee",
    "26, 26, 5, FAILED_PRECONDITION unsupported etcdserver: bad leader transferee",
    "26, 27, 26, FAILED_PRECONDITION unsupported etcdserver: not leader",
    "26, 0, 26, FAILED_PRECONDITION unsupported etcdserver: not leader",
    "0, 0, 0, FAILED_PRECONDITION unsupported etcdserver: not leader"
  })
  void leadershipIsHandedToNobodyElse(long self, long leader, long target, String refusal) {
    ServerIdentity identity = new ServerIdentity(1, self, leader, 2, 3);
    MaintenanceConfig config = MaintenanceConfig.defaults().withIdentity(() -> identity);
    MoveLeaderRequest request = MoveLeaderRequest.newBuilder().setTargetID(target).build();
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        Served served = new Served(store, config)) {
      if (refusal.isEmpty()) {
        assertFalse(served.ask(MaintenanceMethods.MOVE_LEADER, request).hasHeader());
      } else {
        assertEquals(refusal, served.refusal(MaintenanceMethods.MOVE_LEADER, request));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "VALIDATE, 3.3.0, INVALID_ARGUMENT limit etcdserver: invalid downgrade target version",
    "ENABLE, 3.3, INVALID_ARGUMENT limit etcdserver: invalid downgrade target version",
    "ENABLE, 3.x, INVALID_ARGUMENT limit etcdserver: wrong downgrade target version format",
    "VALIDATE, '', INVALID_ARGUMENT limit etcdserver: wrong downgrade target version format",
    "CANCEL, '', FAILED_PRECONDITION unsupported etcdserver: no inflight downgrade job"
  })
  void everyDowngradeIsRefused(DowngradeAction action, String version, String refusal) {
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        Served served = new Served(store)) {
      assertEquals(refusal, downgrade(served, action, version));
    }
  }

  private static String downgrade(Served served, DowngradeAction action, String version) {
    return served.refusal(
        MaintenanceMethods.DOWNGRADE,
        DowngradeRequest.newBuilder().setAction(action).setVersion(version).build());
  }

  @Test
  void aDowngradeThatAnEtcdBeganIsNamed() {
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        Served served = new Served(store)) {
      put(store, CLUSTER, "downgrade", "{\"target-version\":\"3.3.0\",\"enabled\":true}");
      assertEquals(
          "FAILED_PRECONDITION unsupported etcdserver: cluster has a downgrade job in progress",
          downgrade(served, DowngradeAction.ENABLE, "3.3.0"));
      assertEquals(
          "FAILED_PRECONDITION unsupported the downgrade was begun by an etcd; start that again to"
              + " cancel it",
          downgrade(served, DowngradeAction.CANCEL, ""));
      StatusResponse status = status(served);
      assertEquals("3.3.0", status.getDowngradeInfo().getTargetVersion());
      assertEquals(true, status.getDowngradeInfo().getEnabled());
      assertEquals("", status.getStorageVersion());
    }
  }

  @Test
  void aContentWithoutAClusterVersionHasNoneToLeave() {
    try (Store store = TestStores.empty("heap", directory);
        Served served = new Served(store)) {
      assertEquals(
          "UNAVAILABLE unavailable etcdserver: cluster version not found during downgrade",
          downgrade(served, DowngradeAction.VALIDATE, "3.3.0"));
    }
  }

  private static void put(Store store, Bucket bucket, String key, String value) {
    store.update(tx -> tx.put(bucket, key.getBytes(UTF_8), value.getBytes(UTF_8)));
  }

  private static StatusResponse status(Served served) {
    return served.ask(MaintenanceMethods.STATUS, StatusRequest.getDefaultInstance());
  }

  @ParameterizedTest
  @EnumSource(SnapshotFormat.class)
  void theStorageVersionOf36IsToldInStatusAndInEachMessage(SnapshotFormat format) {
    MaintenanceConfig config =
        MaintenanceConfig.defaults().withSnapshotFormat(format).withChunkBytes(4096);
    try (Store store = TestStores.ofFixture("tiny", "lmdb", directory);
        Served served = new Served(store, config)) {
      assertEquals(Set.of(""), versions(served));
      StatusResponse before = status(served);
      assertEquals("", before.getStorageVersion());
      assertFalse(before.hasDowngradeInfo(), "an etcd before 3.6 says nothing");
      put(store, META, "storageVersion", "3.6.0");
      assertEquals(Set.of("3.6.0"), versions(served));
      StatusResponse status = status(served);
      assertEquals("3.6.0", status.getStorageVersion());
      assertEquals(true, status.hasDowngradeInfo(), "3.6 always tells");
      assertFalse(status.getDowngradeInfo().getEnabled());
      put(store, META, "storageVersion", "3".repeat(5_000));
      assertEquals(Set.of(""), versions(served), "what is no version is not sent");
    }
  }

  /** Of all messages of a stream, as a client sees them that knows the message of 3.6. */
  private static Set<String> versions(Served served) {
    MethodDescriptor<SnapshotRequest, SnapshotResponse> method =
        MaintenanceMethods.SCHEMA.method(
            "Snapshot",
            MethodType.SERVER_STREAMING,
            ProtoUtils.marshaller(SnapshotRequest.getDefaultInstance()),
            ProtoUtils.marshaller(SnapshotResponse.getDefaultInstance()));
    Iterator<SnapshotResponse> stream =
        ClientCalls.blockingServerStreamingCall(
            served.channel, method, CallOptions.DEFAULT, SnapshotRequest.getDefaultInstance());
    Set<String> versions = new HashSet<>();
    int blobBytes = 0;
    int messages = 0;
    while (stream.hasNext()) {
      SnapshotResponse message = stream.next();
      versions.add(message.getVersion());
      blobBytes += message.getBlob().size();
      messages++;
    }
    assertEquals(32, blobBytes % 512, "all of it came");
    assertEquals(1 + (blobBytes - 32 + 4095) / 4096, messages);
    return versions;
  }
}
