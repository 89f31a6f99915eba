package dev.cairn.snapshot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.store.Store;
import dev.cairn.store.StoreListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take their time, for ever; none of them reads or writes on this test's threads. */
@Timeout(1_200)
class BadClientsTest {
  private static final GatewayConfig IMPATIENT =
      GatewayConfig.defaults().withRequestMillisMax(400).withIdleMillisMax(400);
  private static final String HEAD = "POST /v3/maintenance/hash HTTP/1.1\r\nHost: x\r\n";

  @TempDir Path directory;
  private Store store;

  @BeforeEach
  void open() throws IOException {
    store = Fixtures.store("tiny", "lmdb", directory, StoreListener.NONE);
  }

  @AfterEach
  void close() {
    assertEquals(0, store.stats().backend().pinsOpen());
    store.close();
  }

  private Door door(GatewayConfig config) {
    return Door.to(store, MaintenanceConfig.defaults(), config);
  }

  /** An idle timeout alone would wait for ever: every byte begins it anew. */
  @Test
  void headersThatDripAreCut() throws IOException {
    try (Door door = door(IMPATIENT)) {
      assertCutWhileDripping(door, HEAD + "X: ");
    }
  }

  @Test
  void bodiesThatDripAreCut() throws IOException {
    try (Door door = door(IMPATIENT)) {
      assertCutWhileDripping(door, HEAD + "Content-Length: 2000000\r\n\r\n{");
    }
  }

  private static void assertCutWhileDripping(Door door, String start) throws IOException {
    try (Socket slow = door.connect()) {
      Door.say(slow, start);
      Door.eventually(
          "the connection is cut",
          () -> {
            try {
              Door.say(slow, " ");
            } catch (IOException cut) {
              return true;
            }
            return door.connections() == 0;
          });
    }
    Door.eventually("others are answered", () -> answersTheQuick(door));
  }

  /** Whether a client was answered; on a busy machine not each is quick enough. */
  private static boolean answersTheQuick(Door door) {
    try {
      return door.post("hash", "").statusCode() == 200;
    } catch (AssertionError cut) {
      return false;
    }
  }

  @Test
  void silenceIsCut() throws IOException {
    try (Door door = door(IMPATIENT);
        Socket silent = door.connect();
        Socket halfClosed = door.connect()) {
      Door.say(halfClosed, HEAD);
      halfClosed.shutdownOutput();
      Door.eventually("the connections are cut", () -> door.connections() == 0);
      assertEquals(-1, silent.getInputStream().read());
    }
  }

  /** After an answer, a connection has its time for the next request, and no more. */
  @Test
  void aConnectionIsKeptForTheNextRequest() throws IOException {
    GatewayConfig lessImpatient =
        GatewayConfig.defaults().withRequestMillisMax(5_000).withIdleMillisMax(5_000);
    try (Door door = door(lessImpatient);
        Socket socket = door.connect()) {
      for (int i = 0; i < 3; i++) {
        Door.say(socket, HEAD + "Content-Length: 2\r\n\r\n{}");
        assertEquals("HTTP/1.1 200", readAnswer(socket).substring(0, 12));
      }
      Door.eventually("the connection is cut", () -> door.connections() == 0);
    }
  }

  /** One answer to its last byte, as the next begins behind it; gives its head. */
  private static String readAnswer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertTrue(next >= 0, head::toString);
      head.append((char) next);
    }
    Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
    assertTrue(length.find(), head::toString);
    in.skipNBytes(Long.parseLong(length.group(1)));
    return head.toString();
  }

  /** Answers that nobody takes are dropped with their connection. */
  @Test
  void answersThatNobodyTakesAreDropped() throws IOException {
    try (Door door = door(IMPATIENT);
        Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4 << 10);
      deaf.connect(door.address());
      String many = (HEAD + "Content-Length: 2\r\n\r\n{}").repeat(1_000);
      Thread asking =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 100; i++) {
                    Door.say(deaf, many);
                  }
                } catch (IOException cut) {
                  // What was waited for.
                }
              });
      asking.start();
      Door.eventually("there is a connection", () -> door.connections() == 1 || !asking.isAlive());
      Door.eventually("the connection is cut", () -> door.connections() == 0);
    }
  }

  @Test
  void moreConnectionsThanAllowedWait() throws IOException {
    int allowed = 4;
    List<Socket> sockets = new ArrayList<>();
    try (Door door = door(GatewayConfig.defaults().withConnectionsMax(allowed))) {
      for (int i = 0; i < allowed; i++) {
        sockets.add(door.connect());
      }
      Door.eventually("all are in", () -> door.connections() == allowed);
      try (Socket late = door.connect()) {
        Door.say(late, HEAD + "Content-Length: 2\r\n\r\n{}");
        late.setSoTimeout(300);
        assertThrows(SocketTimeoutException.class, () -> late.getInputStream().read());
        sockets.remove(0).close();
        late.setSoTimeout(60_000);
        assertEquals('H', late.getInputStream().read());
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** A call too many is refused at once, and the calls before it are not disturbed. */
  @Test
  void moreCallsThanAllowedAreRefused() throws Exception {
    try (Door door = door(GatewayConfig.defaults().withCallsMax(1))) {
      Thread[] callers = new Thread[8];
      List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < callers.length; i++) {
        callers[i] = new Thread(() -> statuses.add(door.post("defragment", "").statusCode()));
        callers[i].start();
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertTrue(statuses.contains(200), statuses.toString());
      assertTrue(statuses.stream().allMatch(s -> s == 200 || s == 429), statuses.toString());
      assertEquals(200, door.post("hash", "").statusCode());
    }
  }
}
