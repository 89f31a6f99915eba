package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.store.Store;
import dev.cairn.testkit.TestRun;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that hang, lie, or want harm, with real sockets. */
@Timeout(900)
class RobustServerTest {
  private static final long NEVER = 3_600_000;

  /** So that a test need not wait for minutes; one of them alone, so that it is what is seen. */
  private static final ServerLimits HANDSHAKE = new ServerLimits(3_000, NEVER, NEVER, NEVER);

  private static final ServerLimits IDLE = new ServerLimits(NEVER, 1_000, NEVER, NEVER);
  private static final ServerLimits ALIVE = new ServerLimits(NEVER, NEVER, 2_000, 2_000);

  private static final int CALLS_MAX = 16;

  @TempDir Path directory;

  @BeforeEach
  void quietly() {
    Loopback.quietly();
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static MaintenanceServer serve(Store store, ServerLimits limits) {
    return serve(store, limits, caller -> Role.ALL);
  }

  private static MaintenanceServer serve(Store store, ServerLimits limits, CallerCheck check) {
    MaintenanceConfig config =
        MaintenanceConfig.defaults()
            .withSnapshotFormat(SnapshotFormat.NATIVE)
            .withCallerCheck(check);
    return MaintenanceServer.start(
        store, free(), config, limits.set(NettyServerBuilder.forAddress(free())));
  }

  private static CallerCheck counting(AtomicInteger calls) {
    return caller -> {
      calls.incrementAndGet();
      return Role.ALL;
    };
  }

  private static void assertAnswers(MaintenanceServer server) {
    String endpoint = "127.0.0.1:" + server.address().getPort();
    try (MaintenanceClient client = MaintenanceClient.connect(endpoint, Loopback.PATIENT)) {
      assertEquals(MaintenanceConfig.defaults().version(), client.status().version());
    }
  }

  @Test
  void aHandshakeThatNeverEndsIsEnded() throws Exception {
    TlsFolder files = new TlsFolder(directory);
    byte[] hello = {22, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3};
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server =
            MaintenanceServer.start(
                store,
                free(),
                MaintenanceConfig.defaults(),
                HANDSHAKE
                    .set(NettyServerBuilder.forAddress(free()))
                    .sslContext(files.server().nettyContext()));
        RawHttp2 silent = new RawHttp2(server.address().getPort());
        RawHttp2 slow = new RawHttp2(server.address().getPort());
        RawHttp2 plain = new RawHttp2(server.address().getPort())) {
      slow.socket().getOutputStream().write(hello);
      plain.beginWithoutWindow();
      silent.awaitClose();
      slow.awaitClose();
      plain.awaitClose();
      try (MaintenanceClient client = files.client(server, null)) {
        assertEquals(1, client.status().revision());
      }
    }
  }

  @Test
  void aConnectionWithoutAWordIsClosed() throws Exception {
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = serve(store, IDLE);
        RawHttp2 silent = new RawHttp2(server.address().getPort());
        RawHttp2 idle = new RawHttp2(server.address().getPort());
        RawHttp2 other = new RawHttp2(server.address().getPort())) {
      idle.beginWithoutWindow();
      other.socket().getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes("US-ASCII"));
      silent.awaitClose();
      idle.awaitClose();
      other.awaitClose();
      assertAnswers(server);
    }
  }

  /** The machine of a client vanished: nothing comes any more, not even an end. */
  @Test
  void aClientThatVanishedLetsThePinGo() throws Exception {
    try (Store store = TestStores.loaded("lmdb", directory, 2_000, 16_000);
        MaintenanceServer server = serve(store, ALIVE);
        RawHttp2 vanished = new RawHttp2(server.address().getPort())) {
      int idle = store.stats().backend().pinsOpen();
      vanished.beginWithoutWindow();
      vanished.ask("Snapshot");
      while (store.stats().backend().pinsOpen() == idle) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      // It answers no question whether it is alive, and the connection stays open on its side.
      while (store.stats().backend().pinsOpen() > idle) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertTrue(vanished.socket().isConnected());
      assertAnswers(server);
    }
  }

  @Test
  void aRequestThatIsTooLargeIsRefused() throws Exception {
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = serve(store, ALIVE)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
      try {
        for (int bytes : new int[] {100_000, 3 << 20}) {
          StatusRuntimeException e =
              assertThrows(
                  StatusRuntimeException.class,
                  () ->
                      ClientCalls.blockingUnaryCall(
                          channel, status(), CallOptions.DEFAULT, new byte[bytes]));
          assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.getStatus().getCode(), e.toString());
        }
      } finally {
        channel.shutdownNow();
      }
      assertAnswers(server);
    }
  }

  /** Who asks for more at once than the settings allow is cut off. */
  @Test
  void aConnectionHasSoManyCallsAtOnce() throws Exception {
    int asked = 100;
    AtomicInteger begun = new AtomicInteger();
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = serve(store, ServerLimits.defaults(), counting(begun));
        RawHttp2 greedy = new RawHttp2(server.address().getPort())) {
      greedy.beginWithoutWindow().acknowledge();
      try {
        for (int i = 0; i < asked; i++) {
          greedy.ask("Status");
        }
      } catch (SocketException cutAlready) {
        // It need not wait for the last of them.
      }
      greedy.awaitClose();
      assertAnswers(server);
      assertTrue(begun.get() <= CALLS_MAX + 1, begun + " calls");
    }
  }

  /** A client that never takes the settings may ask, but is refused beyond a limit. */
  @Test
  void whoTakesNoSettingsIsCounted() throws Exception {
    int asked = 100;
    AtomicInteger begun = new AtomicInteger();
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = serve(store, ServerLimits.defaults(), counting(begun));
        RawHttp2 greedy = new RawHttp2(server.address().getPort())) {
      greedy.beginWithoutWindow();
      for (int i = 0; i < asked; i++) {
        greedy.ask("Status");
      }
      greedy.awaitHeaders(asked);
      assertEquals(2 * CALLS_MAX, begun.get());
      assertAnswers(server);
    }
  }

  /** Calls that have ended count no more. */
  @Test
  void oneConnectionMayCallForEver() {
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server =
            MaintenanceServer.start(store, free(), MaintenanceConfig.defaults());
        MaintenanceClient client =
            MaintenanceClient.connect(
                "127.0.0.1:" + server.address().getPort(), Loopback.PATIENT)) {
      for (int i = 0; i < 10 * CALLS_MAX; i++) {
        assertEquals(1, client.status().revision());
      }
    }
  }

  /** Status with a request of any bytes. */
  private static MethodDescriptor<byte[], byte[]> status() {
    MethodDescriptor.Marshaller<byte[]> bytes =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
          }

          @Override
          public byte[] parse(InputStream stream) {
            try {
              return stream.readAllBytes();
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }
        };
    return MethodDescriptor.newBuilder(bytes, bytes)
        .setType(MethodType.UNARY)
        .setFullMethodName(MaintenanceMethods.STATUS.getFullMethodName())
        .build();
  }

  /**
   * A server with little memory; a thousand connections that ask for several things, snapshots
   * among it, and take no byte of any answer; and others, whom it still answers.
   */
  @Test
  void aThousandWhoNeverReadKeepNobodyOut() throws Exception {
    int connections = TestRun.count(1_000, 4_000);
    TestStores.loaded("lmdb", directory, 2_000, 16_000).close();
    String file = directory.resolve("lmdb.db").toString();
    List<RawHttp2> hanging = new ArrayList<>();
    try (SmallJvm server = SmallJvm.start("serve", file, SnapshotFormat.ETCD.name())) {
      String endpoint = server.readLine();
      int port = Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1));
      for (int i = 0; i < connections; i++) {
        RawHttp2 next = new RawHttp2(port);
        hanging.add(next);
        next.beginWithoutWindow();
        for (int calls = 0; calls < 5; calls++) {
          next.ask(calls == 0 ? "Snapshot" : "Status");
        }
      }
      for (int i = 0; i < 3; i++) {
        try (MaintenanceClient client = MaintenanceClient.connect(endpoint, Loopback.PATIENT)) {
          assertEquals(MaintenanceConfig.defaults().version(), client.status().version());
        }
      }
      TestRun.report("connections that never read", hanging.size());
      TestRun.report("RssAnon of the server", server.rssAnonBytes());
    } finally {
      for (RawHttp2 each : hanging) {
        each.close();
      }
    }
  }
}
