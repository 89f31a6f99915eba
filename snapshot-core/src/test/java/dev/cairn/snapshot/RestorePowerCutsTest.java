package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A restore whose power is cut at any operation: never a half-made member that could be taken for a
 * whole one, and the same call again always brings the work to its end.
 */
class RestorePowerCutsTest {
  private static final long SEED = TestRun.seed(RestorePowerCutsTest.class);
  private static final Path SOURCE = Path.of("/backup/snapshot.db");
  private static final int SITE_FRAMES = 4;
  private static final byte[] PLAN = "{\"step\": \"publish\"}\n".getBytes(StandardCharsets.UTF_8);

  /** What a workload tells of itself. */
  private enum Said {
    BUILDING,
    RESTORED
  }

  /** Durably there once a second run has begun, which may take away what the first one left. */
  private static final Path SECOND_RUN = Path.of("/second-run");

  private static void putSource(SimulatedDisk disk) {
    disk.makeDirectories(SOURCE.getParent());
    write(disk, SOURCE, Fixture.TINY.bytes());
  }

  private static void write(SimulatedDisk disk, Path path, byte[] bytes) {
    try (DiskFile file = disk.open(path, Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(bytes));
    }
  }

  private static StoreFormat format(String name, Disk disk) {
    return name.equals("heap") ? StoreFormat.engine(new HeapEngine(disk)) : StoreFormat.named(name);
  }

  private static RestoreResult restore(Disk disk, Path data, String format) {
    return restore(disk, data, format, Progress.NONE);
  }

  private static RestoreResult restore(Disk disk, Path data, String format, Progress progress) {
    SnapshotFile source = SnapshotFile.inspect(disk, SOURCE);
    return Restore.restore(
        RestoreRequest.of(source, data, format(format, disk)).withProgress(progress));
  }

  private static String sourceHash(Disk disk) {
    try (ReadView view = SnapshotFile.inspect(disk, SOURCE).openView()) {
      return ContentHash.v1(view);
    }
  }

  private static PowerCuts<Said> cuts(Path data, String format) {
    return PowerCuts.<Said>of(
            "restore to " + format,
            SEED,
            (disk, acknowledge) -> {
              restore(disk, data, format, (done, total) -> acknowledge.accept(Said.BUILDING));
              acknowledge.accept(Said.RESTORED);
            },
            (disk, said) -> check(disk, data, format, said))
        .withPreparation(RestorePowerCutsTest::putSource)
        .withSiteFrames(SITE_FRAMES);
  }

  private static void check(SimulatedDisk disk, Path data, String format, List<Said> said) {
    boolean there = disk.exists(data.resolve("member"));
    assertTrue(there || !said.contains(Said.RESTORED), "the member of a finished restore is gone");
    boolean planned = there || disk.exists(SECOND_RUN) || !stagings(disk, data).isEmpty();
    assertTrue(planned || !said.contains(Said.BUILDING), "nothing tells of the run that was cut");
    checkStagings(disk, data, there);
    if (there) {
      checkMember(disk, data, format);
    }
    checkAgain(disk, data, format, there);
  }

  /** From the first folder that is built on, the plan is there and says how far the run came. */
  private static void checkStagings(SimulatedDisk disk, Path data, boolean published) {
    for (Path staging : stagings(disk, data)) {
      Path plan = staging.resolve(RestorePlan.FILE_NAME);
      boolean builds = disk.exists(staging.resolve("member"));
      if (builds || (published && disk.exists(plan))) {
        String text = new String(disk.bytes(plan), StandardCharsets.UTF_8);
        assertTrue(text.endsWith("}\n"), text);
        assertTrue(!published || text.contains("\"step\": \"publish\""), text);
      }
    }
  }

  private static List<Path> stagings(SimulatedDisk disk, Path data) {
    return disk.isDirectory(data)
        ? disk.list(data).stream()
            .filter(each -> each.getFileName().toString().startsWith(".cairn-restore-"))
            .toList()
        : List.of();
  }

  private static void checkMember(SimulatedDisk disk, Path data, String format) {
    Path database = data.resolve("member/snap/db");
    assertEquals(List.of(database), disk.list(database.getParent()));
    try (ReadView view = format(format, disk).builder().openView(disk, database)) {
      assertEquals(sourceHash(disk), ContentHash.v1(view));
    }
  }

  /** The same call again does the work or finds it done; only what it calls done it may refuse. */
  private static void checkAgain(SimulatedDisk disk, Path data, String format, boolean there) {
    boolean cleaned = there && stagings(disk, data).isEmpty();
    try {
      RestoreResult again = restore(disk, data, format);
      assertFalse(cleaned);
      assertEquals(there, again.publishedEarlier());
      assertEquals(again.sourceHash(), again.restoredHash());
    } catch (StorageException e) {
      assertEquals(StorageException.Code.EXISTS, e.code(), e.getMessage());
      assertTrue(cleaned, e.getMessage());
    }
    checkMember(disk, data, format);
    assertEquals(List.of(data.resolve("member")), disk.list(data));
  }

  @ParameterizedTest
  @CsvSource({"heap, /data", "heap, /a/b/data", "etcd, /data", "etcd, /a/b/data"})
  void everyOperationMayBeTheLast(String format, Path data) {
    cuts(data, format)
        .withRecovery(disk -> recover(disk, data, format))
        .withStates(TestRun.count(22, 440))
        .everyOperation();
  }

  /** The second run is cut as well. */
  private static void recover(SimulatedDisk disk, Path data, String format) {
    disk.makeDirectories(SECOND_RUN);
    try {
      restore(disk, data, format);
    } catch (StorageException e) {
      assertEquals(StorageException.Code.EXISTS, e.code());
    }
  }

  /** To an etcd image, because there every sync is ours; an engine's own are its own matter. */
  @Test
  void everySyncMatters() {
    Set<String> sites = cuts(Path.of("/a/b/data"), "etcd").everySyncMatters();
    assertEquals(10, sites.size(), sites::toString);
  }

  /** What an earlier run left goes before its plan does. */
  @Test
  void everySyncOfASecondRunMatters() {
    Path data = Path.of("/data");
    Set<String> sites =
        cuts(data, "etcd")
            .withPreparation(
                disk -> {
                  putSource(disk);
                  leaveHalfBuilt(disk, data);
                })
            .everySyncMatters();
    assertTrue(sites.stream().anyMatch(each -> each.startsWith("Staging.delete")), sites::toString);
  }

  private static void leaveHalfBuilt(SimulatedDisk disk, Path data) {
    Path database = staging(data).resolve("member/snap/db");
    disk.makeDirectories(database.getParent());
    write(disk, database, new byte[1000]);
    write(disk, staging(data).resolve("plan.json"), PLAN);
  }

  /** The first run died right after its commit point, before that was durable. */
  @Test
  void theSecondRunMakesTheFirstOnesCommitPointDurable() {
    Path data = Path.of("/data");
    PowerCuts<Said> cuts =
        PowerCuts.<Said>of(
                "second restore",
                SEED,
                (disk, acknowledge) -> {
                  disk.rename(staging(data).resolve("member"), data.resolve("member"));
                  assertTrue(restore(disk, data, "etcd").publishedEarlier());
                  acknowledge.accept(Said.RESTORED);
                },
                (disk, said) -> check(disk, data, "etcd", said))
            .withPreparation(
                disk -> {
                  putSource(disk);
                  restore(disk, data, "etcd");
                  disk.makeDirectories(staging(data));
                  write(disk, staging(data).resolve("plan.json"), PLAN);
                  disk.rename(data.resolve("member"), staging(data).resolve("member"));
                });
    cuts.everyOperation();
    assertEquals(1, cuts.everySyncMatters().size());
  }

  private static Path staging(Path data) {
    return data.resolve(".cairn-restore-1");
  }
}
