package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.proto.AlarmRequest;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Lets a call in when its caller's role is enough for it. It belongs to the service and not to a
 * server, so no door leads past it. Words and statuses of a refusal are those of etcd 3.6.
 */
final class CallerGate implements ServerInterceptor {
  private static final System.Logger LOG = System.getLogger(CallerGate.class.getName());

  private static final Metadata.Key<String> TOKEN = key("token");
  private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
  private static final String BEARER = "Bearer ";

  private static final Status DENIED =
      Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied");
  private static final Status WRONG_TOKEN =
      Status.UNAUTHENTICATED.withDescription("etcdserver: invalid auth token");
  private static final Status NOBODY =
      Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty");
  private static final Status NOT_CHECKED =
      Status.INTERNAL.withDescription("the caller could not be checked; the server's log says why");

  /** What a backup needs; of Alarm, which is one of them, only the question. */
  private static final Set<String> FOR_BACKUP =
      Set.of(
          SnapshotStreams.METHOD.getFullMethodName(),
          MaintenanceMethods.STATUS.getFullMethodName(),
          MaintenanceMethods.HASH.getFullMethodName(),
          MaintenanceMethods.HASH_KV.getFullMethodName(),
          MaintenanceMethods.ALARM.getFullMethodName(),
          "grpc.health.v1.Health/Check",
          "grpc.health.v1.Health/Watch");

  private final CallerCheck check;

  private CallerGate(CallerCheck check) {
    this.check = check;
  }

  /** The same service behind the check. */
  static ServerServiceDefinition before(ServerServiceDefinition service, CallerCheck check) {
    return ServerInterceptors.intercept(service, new CallerGate(check));
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    Caller caller = caller(call, headers);
    Role role;
    try {
      role = Objects.requireNonNull(check.roleOf(caller), "the check gave no role");
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a caller could not be checked: " + caller, e);
      return refuse(call, NOT_CHECKED);
    }
    return switch (role) {
      case NONE -> refuse(call, unknown(caller));
      case BACKUP -> forBackup(call, headers, next);
      case ALL -> next.startCall(call, headers);
    };
  }

  private static Caller caller(ServerCall<?, ?> call, Metadata headers) {
    return new Caller(
        token(headers),
        Optional.ofNullable(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
            .flatMap(CallerGate::certificate),
        Optional.ofNullable(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
  }

  /** etcd's own header, or that of everybody else, with or without the word before it. */
  private static Optional<String> token(Metadata headers) {
    String token = headers.get(TOKEN);
    String given = token != null ? token : headers.get(AUTHORIZATION);
    if (given == null) {
      return Optional.empty();
    }
    boolean bearer = given.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return Optional.of(bearer ? given.substring(BEARER.length()).strip() : given);
  }

  private static Optional<X509Certificate> certificate(SSLSession session) {
    try {
      return Optional.of((X509Certificate) session.getPeerCertificates()[0]);
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  private static Status unknown(Caller caller) {
    if (caller.token().isPresent()) {
      return WRONG_TOKEN;
    }
    return caller.certificate().isPresent() ? DENIED : NOBODY;
  }

  private static <Q, R> ServerCall.Listener<Q> forBackup(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (!FOR_BACKUP.contains(call.getMethodDescriptor().getFullMethodName())) {
      return refuse(call, DENIED);
    }
    return new QuestionsOnly<>(call, next.startCall(call, headers));
  }

  private static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, Status why) {
    call.close(why, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  /**
   * What may be asked of alarms is in the request: to list them is harmless, to set them is not.
   */
  private static final class QuestionsOnly<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private boolean refused;

    QuestionsOnly(ServerCall<Q, ?> call, ServerCall.Listener<Q> next) {
      super(next);
      this.call = call;
    }

    @Override
    public void onMessage(Q request) {
      if (request instanceof AlarmRequest alarm
          && alarm.getAction() != AlarmRequest.AlarmAction.GET) {
        refused = true;
        call.close(DENIED, new Metadata());
      } else {
        super.onMessage(request);
      }
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }
  }
}
