package dev.cairn.snapshot.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** A line to a local port that lets few bytes through at a time, for one connection. */
final class ThinLine implements AutoCloseable {
  private final ServerSocket near;
  private final Socket far;
  private final int pieceBytes;
  private final long pieceMillis;

  ThinLine(int port, int pieceBytes, long pieceMillis) throws IOException {
    this.pieceBytes = pieceBytes;
    this.pieceMillis = pieceMillis;
    near = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    far = new Socket(InetAddress.getLoopbackAddress(), port);
    start(this::accept);
  }

  int port() {
    return near.getLocalPort();
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private static void start(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (IOException | InterruptedException closed) {
                Thread.currentThread().interrupt();
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    Socket accepted = near.accept();
    start(() -> pass(accepted.getInputStream(), far.getOutputStream(), 0));
    start(() -> pass(far.getInputStream(), accepted.getOutputStream(), pieceMillis));
  }

  private void pass(InputStream in, OutputStream out, long waitMillis)
      throws IOException, InterruptedException {
    byte[] piece = new byte[pieceBytes];
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      TimeUnit.MILLISECONDS.sleep(waitMillis);
      out.write(piece, 0, count);
    }
    out.close();
  }

  @Override
  public void close() throws IOException {
    near.close();
    far.close();
  }
}
