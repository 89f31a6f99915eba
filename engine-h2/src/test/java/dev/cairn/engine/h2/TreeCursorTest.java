package dev.cairn.engine.h2;

import static dev.cairn.engine.h2.Stores.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.Page;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The walk over MVStore's pages, good ones and impossible ones. */
class TreeCursorTest {
  private static final Path PATH = Path.of("/db");

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
  private final MVStore store = MVStore.open(null);
  private final MVMap<byte[], byte[]> map =
      store.openMap(
          "m",
          new MVMap.Builder<byte[], byte[]>()
              .keyType(ByteArrayType.INSTANCE)
              .valueType(ByteArrayType.INSTANCE));

  @AfterEach
  void closeStore() {
    store.close();
  }

  private TreeCursor cursor() {
    return new TreeCursor(PATH, map.getRootPage());
  }

  private byte[] key() {
    return Stores.random(random, 1 + random.nextInt(3));
  }

  @Test
  void everyWalkEqualsTheModels() {
    int walks = TestRun.count(300, 10_000);
    NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < walks; i++) {
      for (int changes = random.nextInt(40); changes > 0; changes--) {
        byte[] key = key();
        if (random.nextInt(3) == 0) {
          map.remove(key);
          model.remove(key);
        } else {
          map.put(key, key);
          model.put(key, key);
        }
      }
      TreeCursor cursor = cursor();
      byte[] from = key();
      boolean seeks = random.nextBoolean();
      var expected = (seeks ? model.tailMap(from, true) : model).entrySet().iterator();
      boolean more = seeks ? cursor.seek(from) : cursor.next();
      while (more) {
        Map.Entry<byte[], byte[]> entry = expected.next();
        assertArrayEquals(entry.getKey(), cursor.key());
        assertArrayEquals(entry.getValue(), cursor.value());
        more = cursor.next();
      }
      assertFalse(expected.hasNext());
      assertFalse(cursor.next());
      assertEquals(!model.isEmpty(), cursor.last());
      if (!model.isEmpty()) {
        assertArrayEquals(model.lastKey(), cursor.key());
      }
    }
    TestRun.report("h2 tree walks", walks);
  }

  private Page<byte[], byte[]> filledRoot() {
    for (int i = 0; i < 500; i++) {
      map.put(new byte[] {(byte) (i >> 8), (byte) i}, new byte[0]);
    }
    Page<byte[], byte[]> root = map.getRootPage();
    assertFalse(root.isLeaf());
    return root.copy();
  }

  /** As a ring of pages would be, which has no end. */
  @Test
  void aTreeDeeperThanCanBeIsCorrupt() {
    map.put(new byte[] {1}, new byte[0]);
    Page<byte[], byte[]> leaf = map.getRootPage();
    Page<byte[], byte[]> tower = leaf;
    for (int level = 2; level < 70; level++) {
      Page.PageReference<byte[], byte[]>[] children = Page.createRefStorage(2);
      children[0] = new Page.PageReference<>(tower);
      children[1] = new Page.PageReference<>(leaf);
      byte[][] keys = {{(byte) level}};
      tower = Page.createNode(map, keys, children, tower.getTotalCount() + 1, 0);
    }
    TreeCursor cursor = new TreeCursor(PATH, tower);
    assertCode(Code.CORRUPT, cursor::next);
    assertCode(Code.CORRUPT, () -> cursor.seek(new byte[] {0}));
  }

  @Test
  void aChildThatComesTwiceIsCorrupt() {
    Page<byte[], byte[]> root = filledRoot();
    root.setChild(1, root.getChildPage(0));
    TreeCursor cursor = new TreeCursor(PATH, root);
    assertCode(
        Code.CORRUPT,
        () -> {
          boolean more = cursor.next();
          while (more) {
            more = cursor.next();
          }
        });
  }

  /** What MVStore walks by itself, while it opens, ends by the number of reads. */
  @Test
  void openingReadsOnlySoMuch() {
    SimulatedDisk disk = new SimulatedDisk(1);
    new H2Engine(disk).open(PATH, BackendConfig.defaults()).close();
    try (DiskFile file = disk.open(PATH, Disk.Mode.READ)) {
      long sizeBytes = file.sizeBytes();
      CommitPoint point = CommitPoint.candidates(file, sizeBytes).get(0);
      DiskStore bounded = new DiskStore(file, point, sizeBytes, true, 0);
      StorageException end = assertCode(Code.CORRUPT, () -> readForEver(bounded));
      assertTrue(end.getMessage().contains("no end"), end.getMessage());
    }
  }

  private static void readForEver(DiskStore store) {
    while (true) {
      store.readFully(null, 0, 16);
    }
  }
}
