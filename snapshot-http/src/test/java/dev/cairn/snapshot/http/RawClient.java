package dev.cairn.snapshot.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;

/** Says what is no well-formed request, and reads to the end of what comes. */
final class RawClient {
  private RawClient() {}

  static String ask(Door door, String request) throws IOException {
    try (Socket socket = door.connect()) {
      try {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        socket.shutdownOutput();
      } catch (SocketException refusedMeanwhile) {
        // The answer may be there all the same.
      }
      return read(socket);
    }
  }

  private static String read(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] piece = new byte[4_096];
    try {
      for (int count = 0; count >= 0; count = socket.getInputStream().read(piece)) {
        text.append(new String(piece, 0, count, ISO_8859_1));
      }
    } catch (SocketException reset) {
      text.append("");
    }
    return text.toString();
  }
}
