package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.proto.AuthenticateRequest;
import dev.cairn.etcd.proto.AuthenticateResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.TimeUnit;

/**
 * Puts into each call who asks. A user's token is fetched before the first call and shared by all;
 * a thread that needs it waits while another one fetches it. Thread-safe.
 */
final class SignIn {
  private static final MethodDescriptor<AuthenticateRequest, AuthenticateResponse> AUTHENTICATE =
      MethodDescriptor.newBuilder(
              ProtoUtils.marshaller(AuthenticateRequest.getDefaultInstance()),
              ProtoUtils.marshaller(AuthenticateResponse.getDefaultInstance()))
          .setType(MethodType.UNARY)
          .setFullMethodName("etcdserverpb.Auth/Authenticate")
          .build();
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** Of a server that has users but does not ask for them. */
  private static final String NO_TOKEN = "";

  /** A last attempt has the time to fail for a reason of its own. */
  private static final long PATIENCE_NANOS_MIN = TimeUnit.SECONDS.toNanos(1);

  private final Channel channel;
  private final ClientCredentials credentials;

  /** Null before the first call. */
  private String token;

  SignIn(Channel channel, ClientCredentials credentials) {
    this.channel = channel;
    this.credentials = credentials;
  }

  /**
   * What a call carries.
   *
   * @param untilNanos when, in {@link System#nanoTime()}, a server has had time enough to sign in
   * @throws StatusRuntimeException when the server does not let the user in, or is not there
   */
  Metadata headers(long untilNanos) {
    Metadata headers = new Metadata();
    switch (credentials.kind()) {
      case NONE -> {}
      case BEARER -> headers.put(AUTHORIZATION, "Bearer " + credentials.secret());
      case USER -> {
        String current = token(untilNanos);
        if (!current.isEmpty()) {
          headers.put(TOKEN, current);
        }
      }
    }
    return headers;
  }

  private synchronized String token(long untilNanos) {
    if (token == null) {
      token = authenticate(untilNanos);
    }
    return token;
  }

  private String authenticate(long untilNanos) {
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder()
            .setName(credentials.name())
            .setPassword(credentials.secret())
            .build();
    long leftNanos = Math.max(PATIENCE_NANOS_MIN, untilNanos - System.nanoTime());
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(leftNanos, TimeUnit.NANOSECONDS);
    try {
      return ClientCalls.blockingUnaryCall(channel, AUTHENTICATE, options, request).getToken();
    } catch (StatusRuntimeException refused) {
      if (AuthFailures.notEnabled(refused.getStatus())) {
        return NO_TOKEN;
      }
      throw inWords(refused);
    }
  }

  private static StatusRuntimeException inWords(StatusRuntimeException refused) {
    return refused.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED
        ? Status.DEADLINE_EXCEEDED
            .withDescription("no answer to the user's signing in; has the cluster a leader?")
            .asRuntimeException()
        : refused;
  }

  /**
   * Forgets a token that is no longer valid.
   *
   * @param used what the call carried that failed so
   * @return whether it makes sense to call again: the failure was about a token
   */
  synchronized boolean forget(Metadata used, Status failure) {
    String stale = used.get(TOKEN);
    if (stale == null || !AuthFailures.staleToken(failure)) {
      return false;
    }
    if (stale.equals(token)) {
      token = null;
    }
    return true;
  }
}
