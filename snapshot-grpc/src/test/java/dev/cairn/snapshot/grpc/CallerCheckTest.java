package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.proto.AlarmRequest;
import dev.cairn.etcd.proto.AlarmRequest.AlarmAction;
import dev.cairn.etcd.proto.DefragmentRequest;
import dev.cairn.etcd.proto.DowngradeRequest;
import dev.cairn.etcd.proto.HashKVRequest;
import dev.cairn.etcd.proto.HashRequest;
import dev.cairn.etcd.proto.MoveLeaderRequest;
import dev.cairn.etcd.proto.RangeRequest;
import dev.cairn.etcd.proto.SnapshotRequest;
import dev.cairn.etcd.proto.StatusRequest;
import dev.cairn.store.Store;
import dev.cairn.testkit.TestRun;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may call what, through every door. */
@Timeout(900)
class CallerCheckTest {
  private static final String DENIED = "PERMISSION_DENIED: etcdserver: permission denied";
  private static final String WRONG_TOKEN = "UNAUTHENTICATED: etcdserver: invalid auth token";
  private static final String NOBODY = "INVALID_ARGUMENT: etcdserver: user name is empty";
  private static final Set<String> REFUSALS = Set.of(DENIED, WRONG_TOKEN, NOBODY);

  /** The token is the role's name. */
  private static final CallerCheck BY_NAME =
      caller -> caller.token().map(CallerCheckTest::named).orElse(Role.NONE);

  /** One thing to ask, and whether a backup needs it. */
  private enum Question {
    SNAPSHOT(SnapshotCallMethod.METHOD, SnapshotRequest.getDefaultInstance(), true),
    STATUS(MaintenanceMethods.STATUS, StatusRequest.getDefaultInstance(), true),
    HASH(MaintenanceMethods.HASH, HashRequest.getDefaultInstance(), true),
    HASH_KV(MaintenanceMethods.HASH_KV, HashKVRequest.getDefaultInstance(), true),
    ALARM_GET(MaintenanceMethods.ALARM, alarm(AlarmAction.GET), true),
    ALARM_ACTIVATE(MaintenanceMethods.ALARM, alarm(AlarmAction.ACTIVATE), false),
    ALARM_DEACTIVATE(MaintenanceMethods.ALARM, alarm(AlarmAction.DEACTIVATE), false),
    ALARM_OF_A_LATER_ETCD(
        MaintenanceMethods.ALARM, AlarmRequest.newBuilder().setActionValue(9).build(), false),
    DEFRAGMENT(MaintenanceMethods.DEFRAGMENT, DefragmentRequest.getDefaultInstance(), false),
    MOVE_LEADER(MaintenanceMethods.MOVE_LEADER, MoveLeaderRequest.getDefaultInstance(), false),
    DOWNGRADE(MaintenanceMethods.DOWNGRADE, DowngradeRequest.getDefaultInstance(), false),
    RANGE(KvMethods.RANGE, RangeRequest.getDefaultInstance(), false);

    final boolean forBackup;
    private final MethodDescriptor<Object, Object> method;
    private final Object request;

    @SuppressWarnings("unchecked")
    <Q> Question(MethodDescriptor<Q, ?> method, Q request, boolean forBackup) {
      this.method = (MethodDescriptor<Object, Object>) method;
      this.request = request;
      this.forBackup = forBackup;
    }

    /** What the service itself says of it, or why the call was refused. */
    String ask(Channel channel) {
      try {
        var answers =
            ClientCalls.blockingServerStreamingCall(channel, method, CallOptions.DEFAULT, request);
        answers.forEachRemaining(each -> {});
        return "answered";
      } catch (StatusRuntimeException e) {
        String said = e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        return REFUSALS.contains(said) || said.startsWith("INTERNAL") ? said : "answered";
      }
    }
  }

  /** As a client has it: the server's own never parses. */
  private static final class SnapshotCallMethod {
    static final MethodDescriptor<SnapshotRequest, SnapshotFrame> METHOD =
        MaintenanceMethods.snapshot(new FrameParser(MaintenanceClient.MESSAGE_BYTES_MAX));
  }

  private static AlarmRequest alarm(AlarmAction action) {
    return AlarmRequest.newBuilder().setAction(action).build();
  }

  private static Role named(String token) {
    return EnumSet.allOf(Role.class).stream()
        .filter(role -> role.name().equals(token))
        .findAny()
        .orElse(Role.NONE);
  }

  @TempDir Path directory;

  @BeforeEach
  void quietly() {
    Loopback.quietly();
  }

  private static Channel with(ManagedChannel channel, String header, String value) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** The same table through a door of TLS and through one without a network. */
  @ParameterizedTest
  @EnumSource(Question.class)
  void everyRoleMayWhatItMay(Question question) throws Exception {
    MaintenanceConfig config = MaintenanceConfig.defaults().withCallerCheck(BY_NAME);
    TlsFolder files = new TlsFolder(directory);
    try (Store store = TestStores.empty("lmdb", directory);
        MaintenanceServer server = TlsFolder.serve(store, config, files.server());
        MaintenanceService service = new MaintenanceService(store, config)) {
      ManagedChannel network = files.channel(server, null);
      Server inside = inProcess(service);
      ManagedChannel process = InProcessChannelBuilder.forName(service.toString()).build();
      try {
        for (ManagedChannel channel : List.of(network, process)) {
          String forBackup = question.forBackup ? "answered" : DENIED;
          assertEquals("answered", question.ask(with(channel, "authorization", "Bearer ALL")));
          assertEquals(forBackup, question.ask(with(channel, "authorization", "Bearer BACKUP")));
          assertEquals(WRONG_TOKEN, question.ask(with(channel, "authorization", "Bearer NONE")));
          assertEquals(NOBODY, question.ask(channel));
        }
      } finally {
        network.shutdownNow();
        process.shutdownNow();
        inside.shutdownNow().awaitTermination();
      }
    }
    TestRun.report("combinations of role and door, " + question, 8);
  }

  private static Server inProcess(MaintenanceService service) throws Exception {
    return InProcessServerBuilder.forName(service.toString())
        .addService(service)
        .addService(service.keyValues())
        .build()
        .start();
  }

  @Test
  void theTableHasEveryMethod() throws Exception {
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceService service = new MaintenanceService(store, MaintenanceConfig.defaults())) {
      Set<String> asked =
          EnumSet.allOf(Question.class).stream()
              .map(question -> question.method.getFullMethodName())
              .collect(java.util.stream.Collectors.toSet());
      assertEquals(9, asked.size(), "eight, and the keys");
      service
          .bindService()
          .getMethods()
          .forEach(m -> assertTrue(asked.contains(m.getMethodDescriptor().getFullMethodName())));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "token, secret",
    "authorization, Bearer secret",
    "authorization, bearer  secret",
    "authorization, secret"
  })
  void aTokenComesInAnyOfTheHeaders(String header, String value) throws Exception {
    AtomicReference<Caller> seen = new AtomicReference<>();
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceService service = checking(store, seen)) {
      Server inside = inProcess(service);
      ManagedChannel channel = InProcessChannelBuilder.forName(service.toString()).build();
      try {
        assertEquals("answered", Question.STATUS.ask(with(channel, header, value)));
        assertEquals(Optional.of("secret"), seen.get().token());
        assertFalse(seen.get().toString().contains("secret"), seen.get().toString());
      } finally {
        channel.shutdownNow();
        inside.shutdownNow().awaitTermination();
      }
    }
  }

  private static MaintenanceService checking(Store store, AtomicReference<Caller> seen) {
    CallerCheck noting =
        caller -> {
          seen.set(caller);
          return Role.ALL;
        };
    return new MaintenanceService(store, MaintenanceConfig.defaults().withCallerCheck(noting));
  }

  @Test
  void aCertificateTellsWhoCalls() throws Exception {
    TlsFolder files = new TlsFolder(directory);
    AtomicReference<Caller> seen = new AtomicReference<>();
    CallerCheck byName =
        caller -> {
          seen.set(caller);
          return caller.subject().equals(Optional.of("CN=backup")) ? Role.BACKUP : Role.NONE;
        };
    MaintenanceConfig config = MaintenanceConfig.defaults().withCallerCheck(byName);
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = TlsFolder.serve(store, config, files.mutual())) {
      ManagedChannel known = files.channel(server, files.ca.issue("backup"));
      ManagedChannel other = files.channel(server, files.ca.issue("other"));
      try {
        assertEquals("answered", Question.SNAPSHOT.ask(known));
        assertEquals(List.of("127.0.0.1", "localhost"), seen.get().alternativeNames());
        assertTrue(seen.get().address().orElseThrow().toString().contains("127.0.0.1:"));
        assertEquals(DENIED, Question.DEFRAGMENT.ask(known));
        assertEquals(DENIED, Question.STATUS.ask(other));
      } finally {
        known.shutdownNow();
        other.shutdownNow();
      }
    }
  }

  /** A check that fails lets nobody in, and tells no caller why. */
  @Test
  void aCheckThatFailsRefuses() throws Exception {
    CallerCheck[] failing = {
      caller -> null,
      caller -> {
        throw new IllegalStateException("/etc/secret/path");
      }
    };
    for (CallerCheck check : failing) {
      try (Store store = TestStores.empty("heap", directory);
          MaintenanceService service =
              new MaintenanceService(store, MaintenanceConfig.defaults().withCallerCheck(check))) {
        Server inside = inProcess(service);
        ManagedChannel channel = InProcessChannelBuilder.forName(service.toString()).build();
        try {
          String answer = Question.STATUS.ask(channel);
          assertTrue(answer.startsWith("INTERNAL: the caller could not be checked"), answer);
          assertFalse(answer.contains("/etc"), answer);
        } finally {
          channel.shutdownNow();
          inside.shutdownNow().awaitTermination();
        }
      }
    }
  }

  @Test
  void withoutACheckEverybodyMayEverything() {
    Caller nobody = new Caller(Optional.empty(), Optional.empty(), Optional.empty());
    assertEquals(Role.ALL, MaintenanceConfig.defaults().callerCheck().roleOf(nobody));
    assertNotNull(nobody.toString());
    assertEquals(List.of(), nobody.alternativeNames());
  }
}
