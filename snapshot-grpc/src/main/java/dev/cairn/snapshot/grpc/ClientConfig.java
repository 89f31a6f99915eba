package dev.cairn.snapshot.grpc;

/**
 * How patient a client is. Immutable; every {@code with} returns a changed copy.
 *
 * @param dialMillis how long it tries to reach a server, over and over, at least 1. Once connected
 *     it waits for the first message of a snapshot as long as the server is alive: planning a large
 *     image takes its time
 * @param stallMillis how long nothing may come between the first byte of a snapshot and its last,
 *     at least 1
 * @param keepAliveMillis how often a silent server is asked whether it is alive, at least 10,000. A
 *     server of anybody's must permit it ({@code permitKeepAliveTime}); etcd and {@link
 *     MaintenanceServer} permit 5 s
 */
public record ClientConfig(long dialMillis, long stallMillis, long keepAliveMillis) {
  private static final long KEEP_ALIVE_MILLIS_MIN = 10_000;

  /**
   * Checks the ranges.
   *
   * @param dialMillis at least 1
   * @param stallMillis at least 1
   * @param keepAliveMillis at least 10,000
   * @throws IllegalArgumentException for a number out of range
   */
  public ClientConfig {
    checkMin("dialMillis", dialMillis, 1);
    checkMin("stallMillis", stallMillis, 1);
    checkMin("keepAliveMillis", keepAliveMillis, KEEP_ALIVE_MILLIS_MIN);
  }

  private static void checkMin(String what, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException(what + " must be at least " + min + ", not " + value);
    }
  }

  /**
   * Five seconds to connect, a minute of silence in a stream, a question every ten seconds.
   *
   * @return the defaults
   */
  public static ClientConfig defaults() {
    return new ClientConfig(5_000, 60_000, KEEP_ALIVE_MILLIS_MIN);
  }

  /**
   * The same with another time to connect.
   *
   * @param newDialMillis at least 1
   * @return a changed copy
   */
  public ClientConfig withDialMillis(long newDialMillis) {
    return new ClientConfig(newDialMillis, stallMillis, keepAliveMillis);
  }

  /**
   * The same with another patience in a stream.
   *
   * @param newStallMillis at least 1
   * @return a changed copy
   */
  public ClientConfig withStallMillis(long newStallMillis) {
    return new ClientConfig(dialMillis, newStallMillis, keepAliveMillis);
  }

  /**
   * The same with another rhythm.
   *
   * @param newKeepAliveMillis at least 10,000
   * @return a changed copy
   */
  public ClientConfig withKeepAliveMillis(long newKeepAliveMillis) {
    return new ClientConfig(dialMillis, stallMillis, newKeepAliveMillis);
  }
}
