package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.READ_ONLY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Power cuts while a store is made or installed, which LMDB has no part in. */
class LmdbPowerCutsTest {
  private static final Path STORE = Path.of("/db");

  @TempDir Path directory;

  private final long seed = TestRun.seed(getClass());
  private byte[] image;
  private String hash;

  @BeforeEach
  void makeImage() throws Exception {
    try (Backend backend = Stores.ENGINE.open(directory.resolve("db"), Stores.CONFIG)) {
      backend.commit(Stores.puts(new SplittableRandom(seed), Stores.USERS, 60, 6_000));
      image = Stores.image(backend);
      hash = Stores.hash(backend);
    }
  }

  private PowerCuts<String> install() {
    return PowerCuts.of("lmdb install", seed, this::install, this::checkInstalled);
  }

  private void install(SimulatedDisk disk, Consumer<String> tell) {
    new LmdbEngine(disk)
        .install(Channels.newChannel(new ByteArrayInputStream(image)), image.length, STORE);
    tell.accept("installed");
  }

  private void checkInstalled(SimulatedDisk disk, List<String> told) {
    if (!disk.exists(STORE)) {
      assertEquals(List.of(), told, "the installed store is gone");
      return;
    }
    try (Backend backend = new LmdbEngine(disk).open(STORE, READ_ONLY)) {
      assertEquals(hash, Stores.hash(backend));
    }
  }

  @Test
  void anInstalledStoreIsWholeOrAbsent() {
    assertTrue(install().everyOperation() > 0);
  }

  @Test
  void everySyncOfAnInstallMatters() {
    assertEquals(2, install().everySyncMatters().size());
  }

  private PowerCuts<String> creation() {
    return PowerCuts.of("lmdb creation", seed, this::create, this::checkCreated);
  }

  private void create(SimulatedDisk disk, Consumer<String> tell) {
    new LmdbEngine(disk).createEmpty(STORE);
    tell.accept("made");
  }

  private void checkCreated(SimulatedDisk disk, List<String> told) {
    if (!disk.exists(STORE)) {
      assertEquals(List.of(), told, "the new store is gone");
      return;
    }
    try (Backend backend = new LmdbEngine(disk).open(STORE, READ_ONLY);
        var view = backend.openView()) {
      assertEquals(List.of(), view.buckets());
    }
  }

  @Test
  void aNewStoreIsWholeOrAbsent() {
    assertTrue(creation().everyOperation() > 0);
  }

  @Test
  void everySyncOfACreationMatters() {
    assertEquals(2, creation().everySyncMatters().size());
  }
}
