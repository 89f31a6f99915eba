package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.testkit.FreePort;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that die, send short, send something else, or fall silent: one line, exit code, and the
 * file that was there stays as it was with nothing beside it.
 */
class BadServerTest {
  private static final byte[] IMAGE = image();

  @TempDir Path directory;
  private Path target;
  private Map<String, String> before;

  private static byte[] image() {
    byte[] image = new byte[64 * 512];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) (i * 31);
    }
    return image;
  }

  private static byte[] hash(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void anOlderFileIsThere() throws IOException {
    target = directory.resolve("saved.db");
    Files.writeString(target, "an older snapshot");
    before = Trees.of(directory);
  }

  @AfterEach
  void itIsStillThereAlone() throws IOException {
    assertEquals(before, Trees.of(directory));
  }

  private Cli.Result save(WrongServer.Answer answer, Object... more) throws IOException {
    try (WrongServer server = WrongServer.start(answer)) {
      Object[] words = {"snapshot", "save", target, "--endpoint", server.endpoint()};
      Object[] all = Arrays.copyOf(words, words.length + more.length);
      System.arraycopy(more, 0, all, words.length, more.length);
      return Cli.run(all);
    }
  }

  private static WrongServer.Call half(WrongServer.Call call) {
    return call.send(IMAGE.length / 2, Arrays.copyOf(IMAGE, IMAGE.length / 2));
  }

  private static WrongServer.Call whole(WrongServer.Call call) {
    return half(call).send(0, Arrays.copyOfRange(IMAGE, IMAGE.length / 2, IMAGE.length));
  }

  @Test
  void diesInTheMiddle() throws IOException {
    save(call -> half(call).end(Status.UNAVAILABLE.withDescription("going away")))
        .failed(6, "going away");
    save(call -> half(call).end(Status.INTERNAL.withDescription("disk broke")))
        .failed(6, "disk broke");
  }

  @Test
  void endsShort() throws IOException {
    save(call -> half(call).end(Status.OK)).failed(3);
    save(call -> whole(call).end(Status.OK)).failed(3);
    save(call -> whole(call).send(0, new byte[31]).end(Status.OK)).failed(3);
  }

  @Test
  void sendsNothing() throws IOException {
    save(call -> call.end(Status.OK)).failed(3);
  }

  @Test
  void sendsAnotherHash() throws IOException {
    byte[] wrong = hash(IMAGE);
    wrong[0] ^= 1;
    save(call -> whole(call).send(0, wrong).end(Status.OK)).failed(3, "SHA-256");
  }

  @Test
  void fallsSilent() throws IOException {
    save(BadServerTest::half, "--stall-timeout", "300ms").failed(6, "300");
  }

  @Test
  void isNotThere() {
    try (FreePort nobody = FreePort.hold()) {
      String endpoint = nobody.address();
      Cli.run("snapshot", "save", target, "--endpoint", endpoint, "--dial-timeout=300ms")
          .failed(6, endpoint);
    }
  }

  @Test
  void speaksSomethingElse() throws IOException {
    save(call -> call.end(Status.UNIMPLEMENTED.withDescription("no such method")))
        .failed(1, "no such method");
  }

  /** The bytes go out before they are proven; the exit code tells. */
  @Test
  void stdoutGetsUnprovenBytesAndAnExitCode() throws IOException {
    byte[] wrong = hash(IMAGE);
    wrong[0] ^= 1;
    try (WrongServer server =
        WrongServer.start(call -> whole(call).send(0, wrong).end(Status.OK))) {
      Cli.Result result = Cli.run("snapshot", "save", "-", "--endpoint", server.endpoint());
      result.failed(3, "SHA-256");
      assertArrayEquals(IMAGE, Arrays.copyOf(result.outBytes(), IMAGE.length));
    }
  }

  @Test
  void aRightServerIsTaken() throws IOException {
    byte[] right = hash(IMAGE);
    try (WrongServer server =
        WrongServer.start(call -> whole(call).send(0, right).end(Status.OK))) {
      Cli.Result result = Cli.run("snapshot", "save", "-", "--endpoint", server.endpoint());
      assertEquals(0, result.exitCode(), result.err());
      assertEquals(IMAGE.length + 32, result.outBytes().length);
    }
  }
}
