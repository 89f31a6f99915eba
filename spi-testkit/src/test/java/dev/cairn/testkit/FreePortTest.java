package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A port that is ours before anybody listens there. */
class FreePortTest {
  private static Socket connect(FreePort port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port.number());
  }

  @Test
  void whoConnectsIsRefusedUntilAServerListens() throws IOException {
    try (FreePort port = FreePort.hold()) {
      assertThrows(ConnectException.class, () -> connect(port));
      for (int i = 0; i < 3; i++) {
        try (ServerSocket server =
                new ServerSocket(port.number(), 1, InetAddress.getLoopbackAddress());
            Socket client = connect(port)) {
          assertEquals(port.address(), "127.0.0.1:" + server.getLocalPort());
          assertEquals(port.number(), client.getPort());
        }
        assertThrows(ConnectException.class, () -> connect(port));
      }
    }
  }

  @Test
  void nobodyElseIsGivenIt() throws IOException {
    try (FreePort port = FreePort.hold();
        Socket other = new Socket()) {
      InetSocketAddress same =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number());
      assertThrows(BindException.class, () -> other.bind(same));
      Set<FreePort> held = new HashSet<>();
      try {
        for (int i = 0; i < 500; i++) {
          FreePort next = FreePort.hold();
          held.add(next);
          assertNotEquals(port.number(), next.number());
        }
      } finally {
        held.forEach(FreePort::close);
      }
    }
  }
}
