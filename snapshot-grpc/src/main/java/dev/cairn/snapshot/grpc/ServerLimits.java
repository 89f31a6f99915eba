package dev.cairn.snapshot.grpc;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.util.concurrent.TimeUnit;

/**
 * What a server bears of its clients before it lets one go, so that many who want harm, or hang,
 * neither fill its memory nor keep others out.
 *
 * @param handshakeMillis how long TLS may take to be agreed upon
 * @param idleMillis how long a connection may stand without a call, or without a first word
 * @param keepAliveMillis how often a silent client is asked whether it is alive
 * @param keepAliveTimeoutMillis how long it may take to answer
 */
record ServerLimits(
    long handshakeMillis, long idleMillis, long keepAliveMillis, long keepAliveTimeoutMillis) {
  /** As etcd; a client of ours asks every ten seconds. */
  private static final long PERMIT_KEEP_ALIVE_SECONDS = 5;

  /** The largest request that means something has a few dozen bytes. */
  private static final int REQUEST_BYTES_MAX = 64 << 10;

  /** A save needs one, a person with a console a few. */
  private static final int CALLS_PER_CONNECTION_MAX = 16;

  /** For who does not keep to that; a call that has just ended may still be counted here. */
  private static final int CALLS_COUNTED_MAX = 2 * CALLS_PER_CONNECTION_MAX;

  /** Requests are small: more than this on its way to us at once is no request. */
  private static final int WINDOW_BYTES = 65_535;

  /** A client that opens calls only to drop them makes work out of nothing; it is cut off. */
  private static final int RESETS_MAX = 200;

  private static final int RESETS_SECONDS = 10;

  /**
   * Ten seconds for a handshake, which takes milliseconds; five minutes of idleness, after which a
   * client connects anew when it calls again; and a client whose machine vanished is noticed within
   * 50 s, and its pin let go.
   */
  static ServerLimits defaults() {
    return new ServerLimits(10_000, 300_000, 30_000, 20_000);
  }

  NettyServerBuilder set(NettyServerBuilder builder) {
    CallsPerConnection calls = new CallsPerConnection(CALLS_COUNTED_MAX);
    builder
        .addTransportFilter(calls)
        .intercept(calls)
        .keepAliveTime(keepAliveMillis, TimeUnit.MILLISECONDS)
        .keepAliveTimeout(keepAliveTimeoutMillis, TimeUnit.MILLISECONDS)
        .permitKeepAliveTime(PERMIT_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxConnectionIdle(idleMillis, TimeUnit.MILLISECONDS)
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
        .flowControlWindow(WINDOW_BYTES)
        .maxInboundMessageSize(REQUEST_BYTES_MAX)
        .maxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS);
    builder.handshakeTimeout(handshakeMillis, TimeUnit.MILLISECONDS);
    return builder;
  }
}
