package dev.cairn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A loopback port that no other process is given while this is open: it is bound, and nobody
 * listens there. Who connects is refused, until a server is told to listen on it, which it may
 * where it sets {@code SO_REUSEADDR}, as servers in Java and Go do. Thread-safe.
 */
public final class FreePort implements AutoCloseable {
  private final Socket holder;

  private FreePort(Socket holder) {
    this.holder = holder;
  }

  /**
   * Holds a port.
   *
   * @return one that the caller closes, after the server that listens on it
   * @throws UncheckedIOException when none is free
   */
  public static FreePort hold() {
    Socket socket = new Socket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FreePort(socket);
  }

  /**
   * The port.
   *
   * @return 1 to 65,535
   */
  public int number() {
    return holder.getLocalPort();
  }

  /**
   * The port with its host.
   *
   * @return {@code 127.0.0.1:PORT}
   */
  public String address() {
    return "127.0.0.1:" + number();
  }

  /** Lets others have it. Idempotent. */
  @Override
  public void close() {
    try {
      holder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
