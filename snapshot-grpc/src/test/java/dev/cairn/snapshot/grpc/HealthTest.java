package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.SimulatedDisk;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tools that know gRPC but not etcd ask for: health, and which services there are. */
@Timeout(600)
class HealthTest {
  private static final String[] NAMES = {"", "etcdserverpb.Maintenance", "etcdserverpb.KV"};

  private static final Bucket BUCKET = Bucket.named("b");

  @TempDir Path directory;

  @BeforeAll
  static void quietly() {
    Loopback.quietly();
  }

  private static HealthCheckRequest of(String name) {
    return HealthCheckRequest.newBuilder().setService(name).build();
  }

  private static ServingStatus check(Served served, String name) {
    return HealthGrpc.newBlockingStub(served.channel).check(of(name)).getStatus();
  }

  private static Iterator<HealthCheckResponse> watch(Served served) {
    return HealthGrpc.newBlockingStub(served.channel).watch(of(""));
  }

  @Test
  void aStoreThatTakesUpdatesServesUntilItStops() {
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        Served served = new Served(store)) {
      for (String name : NAMES) {
        assertEquals(ServingStatus.SERVING, check(served, name));
      }
      Iterator<HealthCheckResponse> watched = watch(served);
      assertEquals(ServingStatus.SERVING, watched.next().getStatus());
      store.refuseUpdates(StorageException.of(Code.CORRUPT, "halted"));
      assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus(), "without being asked");
      for (String name : NAMES) {
        assertEquals(ServingStatus.NOT_SERVING, check(served, name));
      }
    }
  }

  @Test
  void aPoisonedStoreDoesNotServe() {
    SimulatedDisk disk = new SimulatedDisk(1);
    Store store = Store.open(Path.of("/store.db"), on(disk));
    try (Served served = new Served(store)) {
      store.update(tx -> tx.createBucket(BUCKET));
      Iterator<HealthCheckResponse> watched = watch(served);
      assertEquals(ServingStatus.SERVING, watched.next().getStatus());
      disk.failSyncs(file -> true);
      assertThrows(StorageException.class, () -> put(store, new byte[1]));
      assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus());
      disk.clearFaults();
      assertThrows(StorageException.class, () -> put(store, new byte[1]), "nobody knows");
      assertEquals(ServingStatus.NOT_SERVING, check(served, ""));
    }
    assertThrows(StorageException.class, store::close, "what was pending is not committed");
  }

  @Test
  void aStoreWithoutSpaceServesAgainWhenThereIsSome() {
    SimulatedDisk disk = new SimulatedDisk(1);
    try (Store store = Store.open(Path.of("/store.db"), on(disk));
        Served served = new Served(store)) {
      store.update(tx -> tx.createBucket(BUCKET));
      Iterator<HealthCheckResponse> watched = watch(served);
      assertEquals(ServingStatus.SERVING, watched.next().getStatus());
      disk.capacityBytes(1 << 20);
      StorageException e =
          assertThrows(StorageException.class, () -> put(store, new byte[2 << 20]));
      assertEquals(Code.FULL, e.code());
      assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus());
      disk.capacityBytes(1 << 30);
      store.commit();
      assertEquals(ServingStatus.SERVING, watched.next().getStatus());
    }
  }

  private static StoreConfig on(SimulatedDisk disk) {
    return StoreConfig.existing()
        .withEngine(new HeapEngine(disk))
        .withBackend(BackendConfig.defaults())
        .withDisk(disk);
  }

  private static void put(Store store, byte[] value) {
    store.update(tx -> tx.put(BUCKET, new byte[] {1}, value));
  }

  @Test
  void aClosedStoreDoesNotServe() {
    Store store = TestStores.ofFixture("tiny", "heap", directory);
    try (Served served = new Served(store)) {
      Iterator<HealthCheckResponse> watched = watch(served);
      assertEquals(ServingStatus.SERVING, watched.next().getStatus());
      store.close();
      assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus());
    }
  }

  @Test
  void aStoreForReadingAloneServes() {
    TestStores.ofFixture("tiny", "lmdb", directory).close();
    Path file = directory.resolve("tiny-lmdb.db");
    try (Store store = TestStores.forReading(file);
        Served served = new Served(store)) {
      assertEquals(ServingStatus.SERVING, check(served, ""));
    }
  }

  @Test
  void aServerThatClosesTellsThoseWhoWatch() {
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        Served served = new Served(store)) {
      Iterator<HealthCheckResponse> watched = watch(served);
      assertEquals(ServingStatus.SERVING, watched.next().getStatus());
      served.server.close();
      assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus());
    }
  }

  @Test
  void anUnknownServiceIsUnknown() {
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        Served served = new Served(store)) {
      StatusRuntimeException e =
          assertThrows(StatusRuntimeException.class, () -> check(served, "etcdserverpb.Watch"));
      assertEquals(Status.Code.NOT_FOUND, e.getStatus().getCode());
    }
  }

  @Test
  void noThreadIsLeftOfAServer() {
    try (Store store = TestStores.empty("heap", directory)) {
      try (Served served = new Served(store)) {
        assertEquals(ServingStatus.SERVING, check(served, ""));
        InetSocketAddress taken = served.server.address();
        MaintenanceConfig config = MaintenanceConfig.defaults();
        assertThrows(StorageException.class, () -> MaintenanceServer.start(store, taken, config));
        assertEquals(InetAddress.getLoopbackAddress(), taken.getAddress());
      }
      awaitNoThread("cairn-health");
    }
  }

  private static void awaitNoThread(String name) {
    while (Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals(name))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void reflectionTellsTheServicesAndTheirFiles() {
    try (Store store = TestStores.empty("heap", directory);
        Served served = new Served(store)) {
      ServerReflectionResponse list =
          reflect(served, ServerReflectionRequest.newBuilder().setListServices("").build());
      assertEquals(
          Set.of(
              "etcdserverpb.Maintenance",
              "etcdserverpb.KV",
              "grpc.health.v1.Health",
              "grpc.reflection.v1.ServerReflection"),
          list.getListServicesResponse().getServiceList().stream()
              .map(ServiceResponse::getName)
              .collect(Collectors.toSet()));
      for (String symbol : new String[] {"etcdserverpb.KV", "etcdserverpb.Maintenance.Snapshot"}) {
        ServerReflectionResponse file =
            reflect(
                served,
                ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol).build());
        assertTrue(file.getFileDescriptorResponse().getFileDescriptorProtoCount() > 0, symbol);
      }
    }
  }

  private static ServerReflectionResponse reflect(Served served, ServerReflectionRequest request) {
    CompletableFuture<ServerReflectionResponse> first = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> call =
        ServerReflectionGrpc.newStub(served.channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    first.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    first.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    call.onNext(request);
    ServerReflectionResponse response = first.join();
    call.onCompleted();
    return response;
  }
}
