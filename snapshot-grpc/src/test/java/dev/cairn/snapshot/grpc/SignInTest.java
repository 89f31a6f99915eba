package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.proto.AuthenticateRequest;
import dev.cairn.etcd.proto.AuthenticateResponse;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks: tokens are fetched once, carried by every call, and renewed when they are stale. */
@Timeout(600)
class SignInTest {
  private static final byte[] IMAGE = new FakeImage(20 * 512, 2).bytes();
  private static final Context.Key<String> TOKEN = Context.key("token");
  private static final MethodDescriptor<AuthenticateRequest, AuthenticateResponse> AUTHENTICATE =
      MethodDescriptor.newBuilder(
              ProtoUtils.marshaller(AuthenticateRequest.getDefaultInstance()),
              ProtoUtils.marshaller(AuthenticateResponse.getDefaultInstance()))
          .setType(MethodType.UNARY)
          .setFullMethodName("etcdserverpb.Auth/Authenticate")
          .build();

  private final AtomicInteger signIns = new AtomicInteger();
  private final List<String> carried = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger notReady = new AtomicInteger();
  private volatile Status refusal;
  private volatile String valid = "token-1";
  private Server server;

  private MaintenanceClient serving(ClientCredentials credentials, Script.Answer answer)
      throws IOException {
    Loopback.quietly();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(auth())
            .addService(new Script(answer).service())
            .intercept(new Headers())
            .build()
            .start();
    return MaintenanceClient.connect(
        "127.0.0.1:" + server.getPort(),
        ClientConfig.defaults().withDialMillis(30_000).withCredentials(credentials));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.shutdownNow();
    }
  }

  private ServerServiceDefinition auth() {
    return ServerServiceDefinition.builder("etcdserverpb.Auth")
        .addMethod(AUTHENTICATE, ServerCalls.asyncUnaryCall(this::authenticate))
        .build();
  }

  private void authenticate(
      AuthenticateRequest request, StreamObserver<AuthenticateResponse> answer) {
    int count = signIns.incrementAndGet();
    if (count <= notReady.get()) {
      answer.onError(Status.UNAVAILABLE.asRuntimeException());
    } else if (refusal != null) {
      answer.onError(refusal.asRuntimeException());
    } else if (!request.getName().equals("root") || !request.getPassword().equals("pass:word")) {
      answer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
    } else {
      answer.onNext(AuthenticateResponse.newBuilder().setToken("token-" + count).build());
      answer.onCompleted();
    }
  }

  /** Notes what snapshot calls carry. */
  private final class Headers implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      String token = text(headers, "token");
      if (call.getMethodDescriptor().getFullMethodName().contains("Maintenance")) {
        carried.add(token + " " + text(headers, "authorization"));
      }
      return Contexts.interceptCall(Context.current().withValue(TOKEN, token), call, headers, next);
    }

    private static String text(Metadata headers, String key) {
      return headers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
    }
  }

  private void answerIfValid(Script.Replies it, Status stale) throws Exception {
    if (valid.equals(TOKEN.get())) {
      it.image(IMAGE).hash(IMAGE).end(Status.OK);
    } else {
      it.end(stale);
    }
  }

  private static ClientCredentials root() {
    return ClientCredentials.user("root", "pass:word");
  }

  private static void assertCopied(MaintenanceClient client) throws IOException {
    assertEquals(IMAGE.length, client.copyTo(new WritableNowhere()).imageBytes());
  }

  private static StorageException assertUnavailable(MaintenanceClient client) {
    StorageException e =
        assertThrows(StorageException.class, () -> client.copyTo(new WritableNowhere()));
    assertEquals(Code.UNAVAILABLE, e.code(), e.getMessage());
    assertFalse(e.getMessage().contains("pass:word"), e.getMessage());
    return e;
  }

  @Test
  void aTokenServesManyCalls() throws IOException {
    try (MaintenanceClient client = serving(root(), it -> answerIfValid(it, Status.INTERNAL))) {
      for (int i = 0; i < 3; i++) {
        assertCopied(client);
      }
    }
    assertEquals(1, signIns.get());
    assertEquals(Collections.nCopies(3, "token-1 null"), carried);
  }

  @Test
  void threadsShareIt() throws Exception {
    try (MaintenanceClient client = serving(root(), it -> answerIfValid(it, Status.INTERNAL))) {
      List<CompletableFuture<Void>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        running.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    assertCopied(client);
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }));
      }
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).get();
    }
    assertEquals(1, signIns.get());
  }

  @Test
  void aBearersTokenIsCarriedAsItIs() throws IOException {
    ClientCredentials bearer = ClientCredentials.bearer("abc");
    try (MaintenanceClient client =
        serving(bearer, it -> it.image(IMAGE).hash(IMAGE).end(Status.OK))) {
      assertCopied(client);
    }
    assertEquals(0, signIns.get());
    assertEquals(List.of("null Bearer abc"), carried);
  }

  @Test
  void aStaleTokenIsRenewed() throws IOException {
    for (Status stale :
        List.of(
            Status.UNKNOWN.withDescription("auth: invalid auth token"),
            Status.UNAUTHENTICATED.withDescription("etcdserver: invalid auth token"),
            Status.INVALID_ARGUMENT.withDescription("etcdserver: revision of auth store is old"))) {
      signIns.set(0);
      carried.clear();
      valid = "token-2";
      try (MaintenanceClient client = serving(root(), it -> answerIfValid(it, stale))) {
        assertCopied(client);
        assertCopied(client);
      } finally {
        server.shutdownNow();
      }
      assertEquals(2, signIns.get());
      assertEquals(List.of("token-1 null", "token-2 null", "token-2 null"), carried);
    }
  }

  @Test
  void aTokenThatIsNeverRightIsRenewedOnce() throws IOException {
    valid = "another";
    Status stale = Status.UNAUTHENTICATED.withDescription("etcdserver: invalid auth token");
    try (MaintenanceClient client = serving(root(), it -> answerIfValid(it, stale))) {
      assertTrue(assertUnavailable(client).getMessage().contains("invalid auth token"));
    }
    assertEquals(2, signIns.get());
    assertEquals(2, carried.size());
  }

  @Test
  void nothingIsRenewedOnceAMessageHasCome() throws IOException {
    Status stale = Status.UNAUTHENTICATED.withDescription("etcdserver: invalid auth token");
    try (MaintenanceClient client = serving(root(), it -> it.blob(512, new byte[512]).end(stale))) {
      assertTrue(assertUnavailable(client).getMessage().contains("broke off"));
    }
    assertEquals(1, signIns.get());
  }

  @Test
  void whoIsRefusedDoesNotAskAgain() throws IOException {
    refusal = Status.INVALID_ARGUMENT.withDescription("etcdserver: authentication failed, why");
    try (MaintenanceClient client = serving(root(), it -> it.end(Status.INTERNAL))) {
      assertTrue(assertUnavailable(client).getMessage().contains("authentication failed, why"));
    }
    assertEquals(1, signIns.get());
    assertEquals(List.of(), carried);
  }

  @Test
  void aServerWithoutUsersIsAskedWithoutOne() throws IOException {
    refusal =
        Status.FAILED_PRECONDITION.withDescription("etcdserver: authentication is not enabled");
    try (MaintenanceClient client =
        serving(root(), it -> it.image(IMAGE).hash(IMAGE).end(Status.OK))) {
      assertCopied(client);
      assertCopied(client);
    }
    assertEquals(1, signIns.get());
    assertEquals(Collections.nCopies(2, "null null"), carried);
  }

  @Test
  void aServerThatIsNotReadyIsTriedAgain() throws IOException {
    notReady.set(3);
    valid = "token-4";
    try (MaintenanceClient client = serving(root(), it -> answerIfValid(it, Status.INTERNAL))) {
      assertCopied(client);
    }
    assertEquals(4, signIns.get());
  }

  @Test
  void noTextShowsASecret() {
    ClientConfig config = ClientConfig.defaults().withCredentials(root());
    assertFalse(config.toString().contains("pass:word"), config.toString());
    assertTrue(config.toString().contains("root"), config.toString());
    String bearer = ClientCredentials.bearer("abc").toString();
    assertFalse(bearer.contains("abc"), bearer);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ClientCredentials.bearer("a secret"));
    assertFalse(e.getMessage().contains("secret"), e.getMessage());
  }
}
