package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.CONFIG;
import static dev.cairn.engine.bbolt.Stores.ENGINE;
import static dev.cairn.engine.bbolt.Stores.READ_ONLY;
import static dev.cairn.engine.bbolt.Stores.READ_WRITE;
import static dev.cairn.engine.bbolt.Stores.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our own lock, and the flock that bbolt's programs take. */
class BboltLockTest {
  @TempDir Path directory;
  private Path store;
  private byte[] bytes;

  @BeforeEach
  void make() {
    store = directory.resolve("db");
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      backend.commit(Stores.put(Stores.USERS, "k", "v"));
    }
    bytes = Stores.read(store);
  }

  /** A process that holds a flock until its input ends. */
  private Process flock(String kind) throws IOException {
    assumeTrue(
        Files.exists(Path.of("/proc/locks")) && RealEtcd.isOnPath("flock"), "no flock to be seen");
    Process process =
        new ProcessBuilder("flock", kind, store.toString(), "sh", "-c", "echo held; cat").start();
    assertEquals('h', process.getInputStream().read());
    return process;
  }

  private static void end(Process holder) throws Exception {
    holder.getOutputStream().close();
    holder.waitFor();
  }

  @Test
  void aForeignWriterKeepsEverybodyOut() throws Exception {
    Process holder = flock("-x");
    try {
      StorageException refused = assertCode(Code.LOCKED, () -> ENGINE.open(store, READ_WRITE));
      assertTrue(refused.getMessage().contains(store.toString()), refused.getMessage());
      assertCode(Code.LOCKED, () -> ENGINE.open(store, READ_ONLY));
      Path link = Files.createSymbolicLink(directory.resolve("link"), store);
      assertCode(Code.LOCKED, () -> ENGINE.open(link, READ_WRITE));
      assertArrayEquals(bytes, Stores.read(store));
    } finally {
      end(holder);
    }
    ENGINE.open(store, READ_WRITE).close();
  }

  @Test
  void aForeignReaderKeepsWritersOut() throws Exception {
    Process holder = flock("-s");
    try {
      assertCode(Code.LOCKED, () -> ENGINE.open(store, READ_WRITE));
      ENGINE.open(store, READ_ONLY).close();
    } finally {
      end(holder);
    }
    ENGINE.open(store, READ_WRITE).close();
  }

  @Test
  void readersStandBesideEachOtherAndKeepWritersOut() {
    try (Backend one = ENGINE.open(store, READ_ONLY);
        Backend two = ENGINE.open(store, READ_ONLY)) {
      assertEquals(Stores.hash(one), Stores.hash(two));
      assertCode(Code.LOCKED, () -> ENGINE.open(store, READ_WRITE));
    }
    Backend writer = ENGINE.open(store, READ_WRITE);
    try (writer) {
      assertCode(Code.LOCKED, () -> ENGINE.open(store, READ_ONLY));
    }
    assertArrayEquals(bytes, Stores.read(store));
  }
}
