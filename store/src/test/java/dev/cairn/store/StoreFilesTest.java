package dev.cairn.store;

import static dev.cairn.store.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A store with a journal beside it: the journal of the file that counts is never lost. */
class StoreFilesTest {
  private static final Path FOLDER = Path.of("/data").toAbsolutePath();
  private static final Path MAIN = FOLDER.resolve("db");
  private static final Path JOURNAL = FOLDER.resolve("db.jnl");

  /** Only knows names. */
  private static final class Journalled implements Engine {
    @Override
    public List<Path> files(Path store) {
      return List.of(store.resolveSibling(store.getFileName() + ".jnl"), store);
    }

    @Override
    public EngineInfo info() {
      return new HeapEngine().info();
    }

    @Override
    public boolean recognizes(HeadReader head) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Backend open(Path store, BackendConfig config) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadView openImage(Path image, long imageSizeBytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
      throw new UnsupportedOperationException();
    }
  }

  private static void write(Disk disk, Path path, String text) {
    try (DiskFile file = disk.open(path, Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(utf8(text)));
      file.sync();
    }
  }

  private static String read(SimulatedDisk disk, Path path) {
    return Stores.text(disk.bytes(path));
  }

  private static void prepare(SimulatedDisk disk) {
    disk.makeDirectories(FOLDER);
    write(disk, MAIN, "old");
    write(disk, JOURNAL, "old journal");
    write(disk, new StoreFiles(disk, MAIN).building(), "new");
  }

  @Test
  void theJournalStaysWithItsFile() {
    PowerCuts.of(
            "moving a store with a journal",
            TestRun.seed(StoreFilesTest.class),
            (SimulatedDisk disk, Consumer<Boolean> acknowledge) -> {
              StoreFiles files = new StoreFiles(disk, MAIN);
              files.moveAside(new Journalled(), 3);
              disk.rename(files.building(), MAIN);
              disk.syncDirectory(FOLDER);
              acknowledge.accept(true);
              files.deleteOld(3);
            },
            StoreFilesTest::check)
        .withPreparation(StoreFilesTest::prepare)
        .withRecovery(disk -> new StoreFiles(disk, MAIN).recover())
        .withStates(TestRun.count(50, 500))
        .everyOperation();
  }

  private static void check(SimulatedDisk disk, List<Boolean> acknowledged) {
    StoreFiles files = new StoreFiles(disk, MAIN);
    files.recover();
    if (read(disk, MAIN).equals("old")) {
      assertEquals("old journal", read(disk, JOURNAL));
      assertTrue(acknowledged.isEmpty());
    } else {
      assertEquals("new", read(disk, MAIN));
    }
    files.clean();
    assertFalse(disk.exists(files.building()));
    assertTrue(disk.list(FOLDER).size() <= 2, () -> disk.list(FOLDER).toString());
  }

  @Test
  void whatIsMovedAsideMovesBack() {
    SimulatedDisk disk = new SimulatedDisk(1);
    prepare(disk);
    StoreFiles files = new StoreFiles(disk, MAIN);
    files.moveAside(new Journalled(), 12);
    assertEquals("old journal", read(disk, FOLDER.resolve("db.old.12.jnl")));
    assertFalse(disk.exists(MAIN));
    files.moveBack(12);
    assertEquals("old", read(disk, MAIN));
    assertEquals("old journal", read(disk, JOURNAL));
    files.deleteBuilding();
    assertEquals(List.of(MAIN, JOURNAL), disk.list(FOLDER));
  }
}
