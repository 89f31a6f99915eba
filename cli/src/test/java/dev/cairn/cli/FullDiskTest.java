package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands into a file system of 2 MiB that is too small for them; needs the right to mount. */
class FullDiskTest {
  @TempDir Path directory;
  private Path small;
  private Path large;
  private Map<String, String> before;

  @BeforeEach
  void mount() throws Exception {
    small = Files.createDirectory(directory.resolve("small"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()) == 0;
    assumeTrue(mounted, "no right to mount a small file system here");
    large = directory.resolve("large.db");
    Cli.run("load", "--db", large, "--keys", 2_000, "--value-bytes", 2_000).ok();
    Files.writeString(small.resolve("precious"), "precious");
    before = Trees.of(small);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try {
      if (before != null) {
        assertEquals(before, Trees.of(small));
      }
    } finally {
      run("umount", small.toString());
    }
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException absent) {
      return -1;
    }
  }

  @Test
  void save() throws IOException {
    Path out = small.resolve("out.db");
    Cli.run("snapshot", "save", out, "--db", large).failed(7, "small");
    Cli.run("snapshot", "save", out, "--db", large, "--format", "native").failed(7, "small");
    try (Serving server = new Serving("--db", large)) {
      Cli.run("snapshot", "save", out, "--endpoint", server.endpoint()).failed(7, "small");
    }
  }

  @Test
  void convertAndRestore() {
    for (String format : new String[] {"lmdb", "etcd"}) {
      Cli.run("snapshot", "convert", large, small.resolve("out.db"), "--to", format)
          .failed(7, "small");
    }
    Path snapshot = directory.resolve("snapshot.db");
    Cli.run("snapshot", "save", snapshot, "--db", large).ok();
    for (String engine : new String[] {"lmdb", "bbolt"}) {
      Cli.run(
              "snapshot",
              "restore",
              snapshot,
              "--data-dir",
              small.resolve("out"),
              "--engine",
              engine)
          .failed(7, "small");
    }
  }

  @Test
  void load() {
    Path out = small.resolve("out.db");
    Cli.run("load", "--db", out, "--keys", 5_000, "--value-bytes", 1_000).failed(7, "small");
    Cli.run("load", "--db", out, "--keys", 5_000, "--value-bytes", 1_000, "--raw", "b")
        .failed(7, "small");
  }

  @Test
  void defragKeepsTheStore() throws IOException {
    Path store = small.resolve("store.db");
    Cli.run("load", "--db", store, "--keys", 1_000, "--value-bytes", 1_000, "--raw", "b").ok();
    before = Trees.of(small);
    String hash = Cli.run("hash", "--db", store).ok().out();
    Cli.run("defrag", "--db", store).failed(7, "small");
    assertEquals(hash, Cli.run("hash", "--db", store).ok().out());
  }
}
