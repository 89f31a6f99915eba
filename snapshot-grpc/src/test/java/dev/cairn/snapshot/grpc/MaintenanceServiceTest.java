package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.proto.HashKVRequest;
import dev.cairn.etcd.proto.HashKVResponse;
import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.testkit.FreePort;
import dev.cairn.testkit.TestRun;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service over real stores. */
@Timeout(600)
class MaintenanceServiceTest {
  private static final MaintenanceConfig CONFIG = MaintenanceConfig.defaults();

  @TempDir Path directory;

  @BeforeAll
  static void quietly() {
    Loopback.quietly();
  }

  private static MaintenanceServer serve(Store store, MaintenanceConfig config) {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return MaintenanceServer.start(store, free, config);
  }

  private static MaintenanceClient clientOf(MaintenanceServer server) {
    return MaintenanceClient.connect("127.0.0.1:" + server.address().getPort(), Loopback.PATIENT);
  }

  @ParameterizedTest
  @CsvSource({
    "heap, ETCD, 32768",
    "heap, NATIVE, 1048576",
    "lmdb, ETCD, 1048576",
    "lmdb, NATIVE, 32768"
  })
  void aSavedSnapshotHoldsTheStore(String engine, SnapshotFormat format, int chunkBytes)
      throws IOException {
    MaintenanceConfig config = CONFIG.withSnapshotFormat(format).withChunkBytes(chunkBytes);
    Path target = directory.resolve("saved.db");
    Files.writeString(target, "what was there before");
    List<Long> progress = new ArrayList<>();
    SaveOptions options =
        SaveOptions.defaults().withProgress((done, total) -> progress.add(total - done));
    try (Store store = TestStores.loaded(engine, directory, 3_000, 100);
        MaintenanceServer server = serve(store, config);
        MaintenanceClient client = clientOf(server)) {
      SnapshotFile saved = client.save(target, options);
      saved.verify();
      assertEquals(format == SnapshotFormat.ETCD ? "etcd" : engine, saved.format());
      assertEquals(Files.size(target), saved.imageSizeBytes() + 32);
      try (ReadView view = saved.openView()) {
        assertEquals(store.hash(), ContentHash.v1(view));
      }
      assertArrayEquals(savedHere(store, format), Files.readAllBytes(target));
      assertTrue(progress.size() > 1);
    }
  }

  /** The same image without a network. */
  private byte[] savedHere(Store store, SnapshotFormat format) throws IOException {
    Path target = directory.resolve("saved-here.db");
    if (format == SnapshotFormat.NATIVE) {
      Snapshots.save(store, target);
    } else {
      try (Snapshot image = EtcdImages.of(store.openView())) {
        Snapshots.save(image, target, SaveOptions.defaults());
      }
    }
    return Files.readAllBytes(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lmdb"})
  void aStreamShowsOneInstantWhileUpdatesGoOn(String engine) throws IOException {
    Bucket bucket = Bucket.named("b");
    for (SnapshotFormat format : SnapshotFormat.values()) {
      Path home = Files.createDirectory(directory.resolve(format.text()));
      Path copy = home.resolve("copy.db");
      try (Store store = TestStores.empty(engine, home)) {
        store.update(
            tx -> {
              tx.createBucket(bucket);
              for (int i = 0; i < 64; i++) {
                tx.put(bucket, key(i), new byte[300_000]);
              }
            });
        String before = store.hash();
        try (MaintenanceServer server = serve(store, CONFIG.withSnapshotFormat(format));
            MaintenanceClient client = clientOf(server)) {
          try (ReadableByteChannel channel = client.openSnapshot();
              var out =
                  Files.newByteChannel(
                      copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer piece = ByteBuffer.allocate(100_000);
            for (int i = 0; channel.read(piece) >= 0; i++) {
              out.write(piece.flip());
              piece.clear();
              byte[] name = key(i % 64);
              store.update(tx -> tx.put(bucket, name, "later".getBytes(UTF_8)));
            }
          }
        }
        SnapshotFile saved = SnapshotFile.inspect(copy);
        saved.verify();
        try (ReadView view = saved.openView()) {
          assertEquals(before, ContentHash.v1(view));
        }
      }
    }
  }

  private static byte[] key(int number) {
    return "key-%03d".formatted(number).getBytes(UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"heap, ETCD", "heap, NATIVE", "lmdb, ETCD", "lmdb, NATIVE"})
  void aCancelLetsTheStoresPinGo(String engine, SnapshotFormat format) throws Exception {
    try (Store store = TestStores.loaded(engine, directory, 2_000, 16_000);
        MaintenanceServer server = serve(store, CONFIG.withSnapshotFormat(format));
        MaintenanceClient client = clientOf(server)) {
      int idle = store.stats().backend().pinsOpen();
      ReadableByteChannel channel = client.openSnapshot();
      assertTrue(channel.read(ByteBuffer.allocate(100)) > 0);
      assertTrue(store.stats().backend().pinsOpen() > idle);
      long start = System.nanoTime();
      channel.close();
      while (store.stats().backend().pinsOpen() > idle) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      TestRun.report("milliseconds from a cancel to no pin, " + engine + " " + format, millis);
    }
  }

  @Test
  void hashAndStatusAreTheStores() {
    try (Store store = TestStores.ofFixture("rich", "lmdb", directory);
        MaintenanceServer server = serve(store, CONFIG.withVersion("3.4.23"));
        MaintenanceClient client = clientOf(server)) {
      StoreHash hash = client.hash();
      assertEquals(3_248_905_780L, Integer.toUnsignedLong(hash.crc32c()), "as etcd said");
      assertEquals(3_310, hash.revision());
      MemberStatus status = client.status();
      assertEquals("3.4.23", status.version());
      assertEquals(3_310, status.revision());
      assertEquals(3_329, status.raftAppliedIndex());
      assertEquals(store.stats().backend().fileBytes(), status.dbSizeBytes());
      assertEquals(store.stats().backend().liveBytes(), status.dbSizeInUseBytes());
      assertEquals(
          List.of("etcdserver: no leader", "memberID:5218205772321688242 alarm:NOSPACE "),
          status.errors());
      assertEquals(0, status.clusterId());
    }
  }

  @Test
  void statusTellsWhoTheServerIs() {
    ServerIdentity[] self = {new ServerIdentity(-1, 0x1a, 0x1a, 7, 5_000)};
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        MaintenanceServer server = serve(store, CONFIG.withIdentity(() -> self[0]));
        MaintenanceClient client = clientOf(server)) {
      MemberStatus status = client.status();
      assertEquals(-1, status.clusterId());
      assertEquals(0x1a, status.memberId());
      assertEquals(0x1a, status.leaderId());
      assertEquals(7, status.raftTerm());
      assertEquals(5_000, status.raftIndex());
      assertEquals(12, status.raftAppliedIndex());
      assertEquals(List.of(), status.errors());
      assertFalse(status.learner());
      byte[] json = "{\"id\":26,\"peerURLs\":[\"u\"],\"isLearner\":true}".getBytes(UTF_8);
      store.update(tx -> tx.put(Bucket.named("members"), "1a".getBytes(UTF_8), json));
      self[0] = new ServerIdentity(-1, 0x1a, 0, 8, 3);
      MemberStatus later = client.status();
      assertTrue(later.learner());
      assertEquals(8, later.raftTerm());
      assertEquals(12, later.raftIndex(), "what is applied is committed");
      assertEquals(List.of("etcdserver: no leader"), later.errors());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tiny, 0, 8, 2649020667, -1",
    "tiny, 8, 8, 2649020667, -1",
    "rich, 0, 3310, 1977090742, 2449",
    "rich, 3239, 3310, 2804277608, 2449"
  })
  void hashKvIsEtcds(String fixture, long revision, long current, long hash, long compacted) {
    try (Store store = TestStores.ofFixture(fixture, "lmdb", directory);
        MaintenanceServer server = serve(store, CONFIG)) {
      HashKVResponse answer = hashKv(server, revision);
      assertEquals((int) hash, answer.getHash());
      assertEquals(compacted, answer.getCompactRevision());
      assertEquals(revision == 0 ? current : revision, answer.getHashRevision());
      assertEquals(current, answer.getHeader().getRevision());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, etcdserver: mvcc: required revision has been compacted",
    "2449, etcdserver: mvcc: required revision has been compacted",
    "3311, etcdserver: mvcc: required revision is a future revision"
  })
  void hashKvRefusesRevisionsAsEtcdDoes(long revision, String text) {
    try (Store store = TestStores.ofFixture("rich", "heap", directory);
        MaintenanceServer server = serve(store, CONFIG)) {
      StatusRuntimeException e =
          assertThrows(StatusRuntimeException.class, () -> hashKv(server, revision));
      assertEquals(Status.Code.OUT_OF_RANGE, e.getStatus().getCode());
      assertEquals(text, e.getStatus().getDescription());
    }
  }

  private static HashKVResponse hashKv(MaintenanceServer server, long revision) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
    try {
      return ClientCalls.blockingUnaryCall(
          channel,
          MaintenanceMethods.HASH_KV,
          CallOptions.DEFAULT,
          HashKVRequest.newBuilder().setRevision(revision).build());
    } finally {
      channel.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lmdb"})
  void statusOfAnEmptyStore(String engine) {
    try (Store store = TestStores.empty(engine, directory);
        MaintenanceServer server = serve(store, CONFIG);
        MaintenanceClient client = clientOf(server)) {
      assertEquals(EtcdHash.maintenance(store.openView()), client.hash().crc32c());
      assertEquals(0, client.status().raftAppliedIndex());
    }
  }

  @Test
  void defragmentKeepsTheContentAndShrinksTheFile() {
    try (Store store = TestStores.loaded("lmdb", directory, 2_000, 1_000);
        MaintenanceServer server = serve(store, CONFIG);
        MaintenanceClient client = clientOf(server)) {
      Bucket filler = Bucket.named("filler");
      store.update(
          tx -> {
            tx.createBucket(filler);
            tx.put(filler, key(0), new byte[4 << 20]);
          });
      store.update(tx -> tx.deleteBucket(filler));
      String before = store.hash();
      StoreHash hash = client.hash();
      long size = client.status().dbSizeBytes();
      client.defragment();
      assertEquals(before, store.hash());
      assertEquals(hash, client.hash());
      assertTrue(client.status().dbSizeBytes() < size);
    }
  }

  @Test
  void theServiceDescribesItselfForReflection() {
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceService service = new MaintenanceService(store, CONFIG)) {
      var descriptor = service.bindService().getServiceDescriptor();
      var schema = (ProtoServiceDescriptorSupplier) descriptor.getSchemaDescriptor();
      assertEquals("etcdserverpb.Maintenance", schema.getServiceDescriptor().getFullName());
      assertEquals(8, descriptor.getMethods().size());
      for (MethodDescriptor<?, ?> method : descriptor.getMethods()) {
        var described = (ProtoMethodDescriptorSupplier) method.getSchemaDescriptor();
        assertEquals(
            method.getFullMethodName(),
            "etcdserverpb.Maintenance/" + described.getMethodDescriptor().getName());
      }
    }
  }

  @Test
  void aClosedStoreIsToldAsSuch() {
    Store store = TestStores.empty("heap", directory);
    try (MaintenanceServer server = serve(store, CONFIG);
        MaintenanceClient client =
            MaintenanceClient.connect(
                "localhost:" + server.address().getPort(),
                ClientConfig.defaults().withDialMillis(50))) {
      store.close();
      assertEquals(Code.CLOSED, assertThrows(StorageException.class, client::status).code());
      assertEquals(Code.CLOSED, assertThrows(StorageException.class, client::openSnapshot).code());
    }
  }

  @Test
  void closingTheStoreEndsARunningStream() throws Exception {
    Store store = TestStores.loaded("lmdb", directory, 2_000, 16_000);
    try (MaintenanceServer server = serve(store, CONFIG.withSnapshotFormat(SnapshotFormat.NATIVE));
        MaintenanceClient client = clientOf(server);
        ReadableByteChannel channel = client.openSnapshot()) {
      store.close();
      StorageException e =
          assertThrows(
              StorageException.class,
              () -> Channels.newInputStream(channel).transferTo(new WritableNowhere().asStream()));
      assertEquals(Code.CLOSED, e.code());
    }
  }

  @Test
  void aClosedServerFreesItsAddressAndItsPins() throws Exception {
    try (FreePort port = FreePort.hold();
        Store store = TestStores.loaded("lmdb", directory, 2_000, 16_000)) {
      int idle = store.stats().backend().pinsOpen();
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number());
      MaintenanceServer first = MaintenanceServer.start(store, address, CONFIG);
      try (MaintenanceClient client = clientOf(first);
          ReadableByteChannel channel = client.openSnapshot()) {
        assertTrue(channel.isOpen());
        first.close();
        first.close();
        assertEquals(idle, store.stats().backend().pinsOpen());
      }
      try (MaintenanceServer again = MaintenanceServer.start(store, address, CONFIG);
          MaintenanceClient client = clientOf(again)) {
        assertEquals(CONFIG.version(), client.status().version());
      }
    }
  }

  @Test
  void aTakenAddressIsToldInOneLine() {
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = serve(store, CONFIG)) {
      StorageException e =
          assertThrows(
              StorageException.class,
              () -> MaintenanceServer.start(store, server.address(), CONFIG));
      assertEquals(Code.IO, e.code());
      assertTrue(e.getMessage().contains(":" + server.address().getPort()), e.getMessage());
    }
  }

  @Test
  void ipv6AndUrlsAreEndpoints() throws Exception {
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server =
            MaintenanceServer.start(
                store, new InetSocketAddress(InetAddress.getByName("::1"), 0), CONFIG)) {
      String url = "http://[::1]:" + server.address().getPort() + "/";
      try (MaintenanceClient client = MaintenanceClient.connect(url, Loopback.PATIENT)) {
        assertEquals(1, client.status().revision(), "an empty etcd is at revision 1");
      }
    }
  }
}
