package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.ENGINE;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.assertCode;
import static dev.cairn.engine.lmdb.Stores.fingerprint;
import static dev.cairn.engine.lmdb.Stores.hash;
import static dev.cairn.engine.lmdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, in truth: a small file system in memory, where one may be mounted. */
class LmdbFullDiskTest {
  private static final int DISK_BYTES = 4 << 20;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(1);
  private Path disk;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", disk.toString());
    assumeTrue(mounted, "cannot mount a tmpfs here");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", disk.toString());
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private Path fill(int leaveBytes) throws IOException {
    int free = Math.toIntExact(Files.getFileStore(disk).getUsableSpace());
    return Files.write(disk.resolve("filler"), new byte[Math.max(0, free - leaveBytes)]);
  }

  @Test
  void aCommitIsRejectedWholeAndTheNextOneIsMade() throws Exception {
    Path store = disk.resolve("db");
    String before;
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      backend.commit(puts(random, USERS, 100, 1_000));
      before = hash(backend);
      // Sizes that end the write in the middle of a call, at its start, and between two.
      for (int leave : new int[] {0, 4_096, 50_000, 1_000_000}) {
        Path filler = fill(leave);
        for (int i = 0; i < 3; i++) {
          assertCode(Code.FULL, () -> backend.commit(puts(random, USERS, 700, 4_000)));
          assertEquals(before, hash(backend));
        }
        Files.delete(filler);
        backend.commit(puts(random, USERS, 10, 100));
        before = hash(backend);
      }
    }
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      assertEquals(before, hash(backend));
    }
  }

  @Test
  void aStoreThatCannotBeMadeLeavesNothing() throws Exception {
    fill(8_192);
    Map<Path, Integer> before = fingerprint(disk);
    assertCode(Code.FULL, () -> ENGINE.open(disk.resolve("db"), CONFIG));
    assertEquals(before, fingerprint(disk));
  }

  @Test
  void anImageThatDoesNotFitLeavesNothing() throws Exception {
    byte[] image;
    try (Backend backend = ENGINE.open(directory.resolve("db"), BackendConfig.defaults())) {
      backend.commit(puts(random, USERS, 1_000, 2_000));
      image = Stores.image(backend);
    }
    fill(100_000);
    Map<Path, Integer> before = fingerprint(disk);
    assertCode(Code.FULL, () -> Stores.install(image, disk.resolve("db")));
    assertEquals(before, fingerprint(disk));
  }
}
