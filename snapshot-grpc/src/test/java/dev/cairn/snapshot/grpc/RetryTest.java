package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.Received;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.FreePort;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is tried again, and what is not. */
@Timeout(600)
class RetryTest {
  private static final byte[] IMAGE = new FakeImage(20 * 512, 2).bytes();

  @Test
  void aServerThatIsNotThereIsUnavailableAfterTheDialTime() throws IOException {
    ClientConfig config = ClientConfig.defaults().withDialMillis(400);
    try (FreePort nobody = FreePort.hold();
        MaintenanceClient client = MaintenanceClient.connect(nobody.address(), config)) {
      StorageException e =
          assertThrows(StorageException.class, () -> client.copyTo(new WritableNowhere()));
      assertEquals(Code.UNAVAILABLE, e.code());
      assertTrue(e.getMessage().contains(nobody.address()), e.getMessage());
      assertTrue(e.getMessage().contains("refused"), e.getMessage());
      StorageException status = assertThrows(StorageException.class, client::status);
      assertEquals(Code.UNAVAILABLE, status.code());
    }
  }

  @Test
  void aServerThatTakesConnectionsAndSaysNothingIsUnavailable() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        MaintenanceClient client =
            MaintenanceClient.connect(
                "127.0.0.1:" + mute.getLocalPort(), ClientConfig.defaults().withDialMillis(400))) {
      StorageException e = assertThrows(StorageException.class, client::openSnapshot);
      assertEquals(Code.UNAVAILABLE, e.code());
    }
  }

  @Test
  void aServerThatComesUpMeanwhileIsFound() throws Exception {
    Script script = new Script(it -> it.image(IMAGE).hash(IMAGE).end(Status.OK));
    try (FreePort port = FreePort.hold();
        MaintenanceClient client = MaintenanceClient.connect(port.address(), Loopback.PATIENT)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      CompletableFuture<Received> copy =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return client.copyTo(Channels.newChannel(out));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      TimeUnit.MILLISECONDS.sleep(300);
      try (Loopback server = Loopback.serving(script.service(), port.number())) {
        assertEquals(port.number(), server.port());
        Received received = copy.get();
        assertEquals(IMAGE.length, received.imageBytes());
        assertArrayEquals(IMAGE, Arrays.copyOf(out.toByteArray(), IMAGE.length));
      }
    }
  }

  @Test
  void unavailableBeforeTheFirstMessageIsTriedAgain() throws IOException {
    Script[] script = new Script[1];
    script[0] =
        new Script(
            it -> {
              if (script[0].calls.get() < 4) {
                it.end(Status.UNAVAILABLE);
              } else {
                it.image(IMAGE).hash(IMAGE).end(Status.OK);
              }
            });
    try (Loopback server = Loopback.serving(script[0].service());
        MaintenanceClient client = server.client()) {
      assertEquals(IMAGE.length, client.copyTo(new WritableNowhere()).imageBytes());
      assertEquals(4, script[0].calls.get());
    }
  }

  @Test
  void anyOtherStatusIsNot() throws IOException {
    for (Status.Code code : Status.Code.values()) {
      if (code != Status.Code.UNAVAILABLE) {
        assertEquals(1, callsUntilFailed(new Script(it -> it.end(code.toStatus()))));
      }
    }
  }

  @Test
  void nothingIsAfterTheFirstMessage() throws IOException {
    Script script = new Script(it -> it.blob(512, new byte[512]).end(Status.UNAVAILABLE));
    assertEquals(1, callsUntilFailed(script));
  }

  private static int callsUntilFailed(Script script) throws IOException {
    try (Loopback server = Loopback.serving(script.service());
        MaintenanceClient client = server.client()) {
      assertThrows(StorageException.class, () -> client.copyTo(new WritableNowhere()));
      return script.calls.get();
    }
  }

  @Test
  void closingTheClientEndsWhatOthersFetch() throws Exception {
    Script silent = new Script(it -> it.blob(512, new byte[512]));
    try (Loopback server = Loopback.serving(silent.service())) {
      MaintenanceClient client = server.client();
      CompletableFuture<StorageException> fetch =
          CompletableFuture.supplyAsync(
              () ->
                  assertThrows(StorageException.class, () -> client.copyTo(new WritableNowhere())));
      while (silent.calls.get() == 0) {
        Thread.onSpinWait();
      }
      client.close();
      assertEquals(Code.UNAVAILABLE, fetch.get().code());
    }
  }

  @Test
  void closingTheClientEndsTheTrying() throws Exception {
    ClientConfig endless = ClientConfig.defaults().withDialMillis(TimeUnit.HOURS.toMillis(1));
    try (FreePort nobody = FreePort.hold()) {
      MaintenanceClient client = MaintenanceClient.connect(nobody.address(), endless);
      CompletableFuture<StorageException> dial =
          CompletableFuture.supplyAsync(
              () -> assertThrows(StorageException.class, client::openSnapshot));
      TimeUnit.MILLISECONDS.sleep(200);
      client.close();
      assertEquals(Code.UNAVAILABLE, dial.get().code());
    }
  }

  @Test
  void anInterruptEndsTheFetchAndStaysSet() throws Exception {
    Script silent = new Script(it -> it.blob(512, new byte[512]));
    try (Loopback server = Loopback.serving(silent.service());
        MaintenanceClient client = server.client()) {
      Thread.currentThread().interrupt();
      StorageException e =
          assertThrows(StorageException.class, () -> client.copyTo(new WritableNowhere()));
      assertTrue(Thread.interrupted());
      assertEquals(Code.UNAVAILABLE, e.code());
    }
  }
}
