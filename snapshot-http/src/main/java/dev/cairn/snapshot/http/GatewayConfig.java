package dev.cairn.snapshot.http;

import dev.cairn.store.Store;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How the gateway serves. Immutable; every {@code with} returns a changed copy.
 *
 * @param errorStyle which etcd's errors
 * @param connectionsMax how many connections there may be at once, at least 1; further ones wait to
 *     be accepted
 * @param requestMillisMax how long a client may take to send a whole request, from the moment it
 *     connected or had the answer before; at least 1
 * @param idleMillisMax how long a client may take none of an answer, at least 1; a snapshot's
 *     stream follows the service's own rule instead
 * @param callsMax how many calls but snapshots may run at once, at least 1; a further one is
 *     refused with RESOURCE_EXHAUSTED
 * @param tls how to encrypt; empty for plaintext
 * @param monitored what {@code /metrics} and the health paths tell of; empty for no such paths
 */
public record GatewayConfig(
    ErrorStyle errorStyle,
    int connectionsMax,
    long requestMillisMax,
    long idleMillisMax,
    int callsMax,
    Optional<Tls> tls,
    Optional<Monitored> monitored) {
  private static final int CONNECTIONS_DEFAULT = 4_096;
  private static final long REQUEST_MILLIS_DEFAULT = 30_000;
  private static final long IDLE_MILLIS_DEFAULT = 30_000;
  private static final int CALLS_DEFAULT = 64;

  /**
   * How to encrypt.
   *
   * @param context gives the certificates; asked anew for each connection
   * @param clientCertAuth whether a client must show a certificate that the context trusts
   */
  public record Tls(SSLContext context, boolean clientCertAuth) {
    /**
     * Checks that there is a context.
     *
     * @param context not null
     * @param clientCertAuth whether clients must have certificates
     */
    public Tls {
      Objects.requireNonNull(context, "context");
    }
  }

  /**
   * What {@code /metrics} and the health paths tell of.
   *
   * @param store stays the caller's, and open while the gateway is in use
   * @param metrics that store's listener
   */
  public record Monitored(Store store, StoreMetrics metrics) {
    /**
     * Checks that both are there.
     *
     * @param store not null
     * @param metrics not null
     */
    public Monitored {
      Objects.requireNonNull(store, "store");
      Objects.requireNonNull(metrics, "metrics");
    }
  }

  /**
   * Checks the ranges.
   *
   * @param errorStyle not null
   * @param connectionsMax at least 1
   * @param requestMillisMax at least 1
   * @param idleMillisMax at least 1
   * @param callsMax at least 1
   * @param tls not null
   * @param monitored not null
   * @throws IllegalArgumentException for a number out of range
   */
  public GatewayConfig {
    Objects.requireNonNull(errorStyle, "errorStyle");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(monitored, "monitored");
    checkPositive("connections at once", connectionsMax);
    checkPositive("milliseconds of a request", requestMillisMax);
    checkPositive("idle milliseconds", idleMillisMax);
    checkPositive("calls at once", callsMax);
  }

  private static void checkPositive(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + ": " + value + " is less than 1");
    }
  }

  /**
   * Plaintext, errors of etcd 3.4, 4,096 connections, 30 seconds for a request and for taking an
   * answer, 64 calls at once, nothing monitored.
   *
   * @return the defaults
   */
  public static GatewayConfig defaults() {
    return new GatewayConfig(
        ErrorStyle.ETCD_3_4,
        CONNECTIONS_DEFAULT,
        REQUEST_MILLIS_DEFAULT,
        IDLE_MILLIS_DEFAULT,
        CALLS_DEFAULT,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * The same with other errors.
   *
   * @param newErrorStyle which etcd's
   * @return a changed copy
   */
  public GatewayConfig withErrorStyle(ErrorStyle newErrorStyle) {
    return new GatewayConfig(
        newErrorStyle, connectionsMax, requestMillisMax, idleMillisMax, callsMax, tls, monitored);
  }

  /**
   * The same for another number of connections.
   *
   * @param newConnectionsMax at least 1
   * @return a changed copy
   */
  public GatewayConfig withConnectionsMax(int newConnectionsMax) {
    return new GatewayConfig(
        errorStyle, newConnectionsMax, requestMillisMax, idleMillisMax, callsMax, tls, monitored);
  }

  /**
   * The same with other patience for requests.
   *
   * @param newRequestMillisMax at least 1
   * @return a changed copy
   */
  public GatewayConfig withRequestMillisMax(long newRequestMillisMax) {
    return new GatewayConfig(
        errorStyle, connectionsMax, newRequestMillisMax, idleMillisMax, callsMax, tls, monitored);
  }

  /**
   * The same with other patience for clients that take nothing.
   *
   * @param newIdleMillisMax at least 1
   * @return a changed copy
   */
  public GatewayConfig withIdleMillisMax(long newIdleMillisMax) {
    return new GatewayConfig(
        errorStyle, connectionsMax, requestMillisMax, newIdleMillisMax, callsMax, tls, monitored);
  }

  /**
   * The same for another number of calls.
   *
   * @param newCallsMax at least 1
   * @return a changed copy
   */
  public GatewayConfig withCallsMax(int newCallsMax) {
    return new GatewayConfig(
        errorStyle, connectionsMax, requestMillisMax, idleMillisMax, newCallsMax, tls, monitored);
  }

  /**
   * The same, encrypted.
   *
   * @param context gives the certificates; asked anew for each connection
   * @param clientCertAuth whether a client must show a certificate that the context trusts
   * @return a changed copy
   */
  public GatewayConfig withTls(SSLContext context, boolean clientCertAuth) {
    return new GatewayConfig(
        errorStyle,
        connectionsMax,
        requestMillisMax,
        idleMillisMax,
        callsMax,
        Optional.of(new Tls(context, clientCertAuth)),
        monitored);
  }

  /**
   * The same with {@code /metrics}, {@code /health}, {@code /livez} and {@code /readyz}, which
   * everybody may ask.
   *
   * @param store stays the caller's, and open while the gateway is in use
   * @param metrics that store's listener
   * @return a changed copy
   */
  public GatewayConfig withMonitored(Store store, StoreMetrics metrics) {
    return new GatewayConfig(
        errorStyle,
        connectionsMax,
        requestMillisMax,
        idleMillisMax,
        callsMax,
        tls,
        Optional.of(new Monitored(store, metrics)));
  }
}
