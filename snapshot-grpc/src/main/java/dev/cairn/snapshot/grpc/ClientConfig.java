package dev.cairn.snapshot.grpc;

import java.util.Objects;

/**
 * How patient a client is, what it trusts and who it is. Immutable; every {@code with} returns a
 * changed copy.
 *
 * @param dialMillis how long it tries to reach a server and to sign in, over and over, at least 1.
 *     Once connected it waits for the first message of a snapshot as long as the server is alive:
 *     planning a large image takes its time
 * @param stallMillis how long nothing may come between the first byte of a snapshot and its last,
 *     at least 1
 * @param keepAliveMillis how often a silent server is asked whether it is alive, at least 10,000. A
 *     server of anybody's must permit it ({@code permitKeepAliveTime}); etcd and {@link
 *     MaintenanceServer} permit 5 s
 * @param tls what counts when the connection is encrypted; see {@link MaintenanceClient#connect}
 * @param credentials who asks
 */
public record ClientConfig(
    long dialMillis,
    long stallMillis,
    long keepAliveMillis,
    ClientTls tls,
    ClientCredentials credentials) {
  private static final long KEEP_ALIVE_MILLIS_MIN = 10_000;

  /**
   * Checks the ranges.
   *
   * @param dialMillis at least 1
   * @param stallMillis at least 1
   * @param keepAliveMillis at least 10,000
   * @param tls not null
   * @param credentials not null
   * @throws IllegalArgumentException for a number out of range
   */
  public ClientConfig {
    checkMin("dialMillis", dialMillis, 1);
    checkMin("stallMillis", stallMillis, 1);
    checkMin("keepAliveMillis", keepAliveMillis, KEEP_ALIVE_MILLIS_MIN);
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(credentials, "credentials");
  }

  private static void checkMin(String what, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException(what + " must be at least " + min + ", not " + value);
    }
  }

  /**
   * Five seconds to connect, a minute of silence in a stream, a question every ten seconds; trusts
   * whom Java trusts and is nobody.
   *
   * @return the defaults
   */
  public static ClientConfig defaults() {
    return new ClientConfig(
        5_000, 60_000, KEEP_ALIVE_MILLIS_MIN, ClientTls.defaults(), ClientCredentials.none());
  }

  /**
   * The same with another time to connect.
   *
   * @param newDialMillis at least 1
   * @return a changed copy
   */
  public ClientConfig withDialMillis(long newDialMillis) {
    return new ClientConfig(newDialMillis, stallMillis, keepAliveMillis, tls, credentials);
  }

  /**
   * The same with another patience in a stream.
   *
   * @param newStallMillis at least 1
   * @return a changed copy
   */
  public ClientConfig withStallMillis(long newStallMillis) {
    return new ClientConfig(dialMillis, newStallMillis, keepAliveMillis, tls, credentials);
  }

  /**
   * The same with another rhythm.
   *
   * @param newKeepAliveMillis at least 10,000
   * @return a changed copy
   */
  public ClientConfig withKeepAliveMillis(long newKeepAliveMillis) {
    return new ClientConfig(dialMillis, stallMillis, newKeepAliveMillis, tls, credentials);
  }

  /**
   * The same with other certificates.
   *
   * @param newTls what to show and to trust
   * @return a changed copy
   */
  public ClientConfig withTls(ClientTls newTls) {
    return new ClientConfig(dialMillis, stallMillis, keepAliveMillis, newTls, credentials);
  }

  /**
   * The same as somebody else.
   *
   * @param newCredentials who asks
   * @return a changed copy
   */
  public ClientConfig withCredentials(ClientCredentials newCredentials) {
    return new ClientConfig(dialMillis, stallMillis, keepAliveMillis, tls, newCredentials);
  }
}
