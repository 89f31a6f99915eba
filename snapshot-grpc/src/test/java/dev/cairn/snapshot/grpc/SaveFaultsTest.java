package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.Status;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that do wrong: the save ends with the right code, and nothing on the disk changes. */
class SaveFaultsTest {
  private static final byte[] IMAGE = new FakeImage(100 * 512, 1).bytes();
  private static final byte[] BEFORE = {1, 2, 3};

  @TempDir Path directory;

  private void assertFails(Code code, Script.Answer answer) throws IOException {
    assertFails(code, answer, Loopback.PATIENT);
  }

  private StorageException assertFails(Code code, Script.Answer answer, ClientConfig config)
      throws IOException {
    Path target = directory.resolve("backup.db");
    Files.write(target, BEFORE);
    try (Loopback server = Loopback.serving(new Script(answer).service());
        MaintenanceClient client = server.client(config)) {
      StorageException e =
          assertThrows(StorageException.class, () -> client.save(target, SaveOptions.defaults()));
      assertEquals(code, e.code(), e.getMessage());
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
      assertArrayEquals(BEFORE, Files.readAllBytes(target));
      try (var names = Files.list(directory)) {
        assertEquals(List.of(target), names.toList());
      }
      assertFailsToo(code, client);
      return e;
    }
  }

  /** The ways without a file find the same. */
  private static void assertFailsToo(Code code, MaintenanceClient client) throws IOException {
    WritableNowhere nowhere = new WritableNowhere();
    StorageException copied = assertThrows(StorageException.class, () -> client.copyTo(nowhere));
    assertEquals(code, copied.code());
    StorageException read =
        assertThrows(
            StorageException.class,
            () -> {
              try (ReadableByteChannel channel = client.openSnapshot()) {
                Channels.newInputStream(channel).transferTo(nowhere.asStream());
              }
            });
    assertEquals(code, read.code());
  }

  @Test
  void endsInTheMiddle() throws IOException {
    assertFails(
        Code.UNAVAILABLE, it -> it.blob(IMAGE.length - 512, new byte[512]).end(Status.UNAVAILABLE));
    assertFails(
        Code.UNAVAILABLE, it -> it.blob(IMAGE.length - 512, new byte[512]).end(Status.INTERNAL));
    assertFails(
        Code.UNAVAILABLE, it -> it.image(IMAGE).end(Status.UNKNOWN.withDescription("two\nlines")));
  }

  @Test
  void endsInTheMiddleWithOneOfOurErrors() throws IOException {
    Script.Answer answer =
        it -> {
          it.blob(IMAGE.length - 512, new byte[512]);
          it.call().close(Status.ABORTED, Statuses.trailers(Code.EXPIRED));
        };
    assertFails(Code.EXPIRED, answer);
  }

  @Test
  void sendsShortAndSaysItWasAll() throws IOException {
    assertFails(Code.CORRUPT, it -> it.blob(IMAGE.length - 512, new byte[512]).end(Status.OK));
    assertFails(Code.CORRUPT, it -> it.image(IMAGE).end(Status.OK));
    assertFails(Code.CORRUPT, it -> it.end(Status.OK));
  }

  @Test
  void sendsAWrongHash() throws IOException {
    assertFails(
        Code.HASH_MISMATCH, it -> it.image(IMAGE).hash(new byte[IMAGE.length]).end(Status.OK));
  }

  @Test
  void sendsAByteChanged() throws IOException {
    byte[] changed = IMAGE.clone();
    changed[IMAGE.length / 3] ^= 1;
    assertFails(Code.HASH_MISMATCH, it -> it.image(changed).hash(IMAGE).end(Status.OK));
  }

  @Test
  void announcesWhatDoesNotFall() throws IOException {
    Script.Answer answer =
        it -> it.blob(1024, new byte[512]).blob(1024, new byte[512]).end(Status.OK);
    assertFails(Code.CORRUPT, answer);
    assertFails(Code.CORRUPT, it -> it.blob(-1, new byte[512]).end(Status.OK));
  }

  @Test
  void sendsMoreThanAnnounced() throws IOException {
    Script.Answer answer =
        it -> it.blob(512, new byte[512]).blob(0, new byte[512]).blob(0, new byte[512]);
    assertFails(Code.CORRUPT, answer);
  }

  @Test
  void announcesMoreThanTheDiskHolds() throws IOException {
    long free = LocalDisk.INSTANCE.freeBytes(directory);
    Path target = directory.resolve("backup.db");
    Script script = new Script(it -> it.blob(2 * free, new byte[512]));
    try (Loopback server = Loopback.serving(script.service());
        MaintenanceClient client = server.client()) {
      StorageException e =
          assertThrows(StorageException.class, () -> client.save(target, SaveOptions.defaults()));
      assertEquals(Code.FULL, e.code());
      try (var names = Files.list(directory)) {
        assertEquals(0, names.count());
      }
    }
  }

  @Test
  void stalls() throws IOException {
    ClientConfig impatient = Loopback.PATIENT.withStallMillis(300);
    StorageException e =
        assertFails(Code.UNAVAILABLE, it -> it.blob(IMAGE.length - 512, new byte[512]), impatient);
    assertTrue(e.getMessage().contains("300 ms"), e.getMessage());
  }

  @Test
  void sendsWhatIsNoSnapshotMessage() throws IOException {
    assertFails(Code.CORRUPT, it -> it.message("HTTP/1.1 400".getBytes(US_ASCII)));
    assertFails(Code.CORRUPT, it -> it.blob(512, new byte[512]).message(new byte[] {3 << 3 | 2}));
  }

  @Test
  void sendsAMessageOverTheLimit() throws IOException {
    byte[] large = new byte[MaintenanceClient.MESSAGE_BYTES_MAX];
    assertFails(Code.UNAVAILABLE, it -> it.blob(0, large));
  }

  @Test
  void refusesWithAStatusOfItsOwn() throws IOException {
    assertFails(
        Code.UNAVAILABLE,
        it -> it.end(Status.UNAUTHENTICATED.withDescription("user name is empty")));
    assertFails(Code.LOCKED, it -> it.call().close(Status.UNKNOWN, Statuses.trailers(Code.LOCKED)));
  }

  @Test
  void aTargetToBeKeptIsKeptWithoutAskingTheServer() throws IOException {
    Path target = directory.resolve("backup.db");
    Files.write(target, BEFORE);
    Script script = new Script(it -> it.image(IMAGE).hash(IMAGE).end(Status.OK));
    try (Loopback server = Loopback.serving(script.service());
        MaintenanceClient client = server.client()) {
      StorageException e =
          assertThrows(
              StorageException.class,
              () -> client.save(target, SaveOptions.defaults().noClobber()));
      assertEquals(Code.EXISTS, e.code());
      assertArrayEquals(BEFORE, Files.readAllBytes(target));
      assertEquals(0, script.calls.get());
    }
  }
}
