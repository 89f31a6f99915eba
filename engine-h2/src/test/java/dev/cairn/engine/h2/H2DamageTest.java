package dev.cairn.engine.h2;

import static dev.cairn.engine.h2.Stores.CONFIG;
import static dev.cairn.engine.h2.Stores.ENGINE;
import static dev.cairn.engine.h2.Stores.READ_ONLY;
import static dev.cairn.engine.h2.Stores.USERS;
import static dev.cairn.engine.h2.Stores.assertCode;
import static dev.cairn.engine.h2.Stores.hash;
import static dev.cairn.engine.h2.Stores.puts;
import static dev.cairn.engine.h2.Stores.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files: content or a named error; never a hang, another error, or a changed file. */
class H2DamageTest {
  private static final Set<Code> EXPECTED = EnumSet.of(Code.CORRUPT, Code.UNSUPPORTED);
  private static final int BLOCK = FileHeader.BLOCK_BYTES;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
  private byte[] store;
  private byte[] image;
  private String content;

  @BeforeEach
  void makeStore() throws IOException {
    Path file = directory.resolve("db");
    try (Backend backend = ENGINE.open(file, CONFIG)) {
      backend.commit(puts(random, USERS, 600, 500));
      backend.commit(puts(random, Bucket.named("big"), 10, 20_000));
      for (int i = 0; i < 12; i++) {
        backend.commit(puts(random, USERS, 5, 300));
      }
      backend.commit(Batch.builder().createBucket(Bucket.named("empty")).build());
      image = Stores.image(backend);
      content = hash(backend);
    }
    store = read(file);
  }

  private Path damaged(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("damaged"), bytes);
  }

  /** Whether it is refused wherever it is opened; the file stays as it is. */
  private boolean isRefused(byte[] bytes) throws IOException {
    Path file = damaged(bytes);
    boolean refused =
        isRefused(
            () -> {
              try (Backend backend = ENGINE.open(file, READ_ONLY)) {
                assertEquals(content, hash(backend));
              }
            });
    assertArrayEquals(bytes, read(file));
    return refused;
  }

  /** Something that gives the content or throws. */
  private interface Reading {
    void run() throws IOException;
  }

  private static boolean isRefused(Reading reading) throws IOException {
    try {
      reading.run();
      return false;
    } catch (StorageException e) {
      assertTrue(EXPECTED.contains(e.code()), e::toString);
      return true;
    }
  }

  private void flip(byte[] bytes, int from, int to) {
    bytes[from + random.nextInt(to - from)] ^= (byte) (1 << random.nextInt(8));
  }

  /** Both headers are needed to notice that a newest one is lost, and one is enough to open. */
  @Test
  void oneDamagedHeaderIsBorneAndTwoAreNot() throws IOException {
    for (int i = 0; i < 200; i++) {
      byte[] one = store.clone();
      int slot = random.nextInt(2) * BLOCK;
      flip(one, slot, slot + 150);
      Path file = damaged(one);
      try (Backend backend = ENGINE.open(file, READ_ONLY)) {
        assertEquals(content, hash(backend));
      }
      flip(one, BLOCK - slot, BLOCK - slot + 150);
      assertTrue(isRefused(one));
    }
  }

  @Test
  void aFlipInTheNewestChunkIsFound() throws IOException {
    CommitPoint point;
    try (var file =
        dev.cairn.io.LocalDisk.INSTANCE.open(
            directory.resolve("db"), dev.cairn.io.Disk.Mode.READ)) {
      point = CommitPoint.candidates(file, store.length).get(0);
    }
    int at = (int) point.header().chunkAtBytes();
    for (int i = 0; i < 100; i++) {
      byte[] bytes = store.clone();
      flip(bytes, at, at + (int) point.header().chunkBytes());
      assertTrue(isRefused(bytes));
      assertCode(Code.CORRUPT, () -> ENGINE.open(damaged(bytes), CONFIG));
      assertArrayEquals(bytes, read(directory.resolve("damaged")));
    }
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    int last = store.length;
    for (int length = 0; length < last; length += 1 + random.nextInt(BLOCK)) {
      assertTrue(isRefused(Arrays.copyOf(store, length)), "cut to " + length);
    }
  }

  @Test
  void zeroedBlocksAreContentOrCorrupt() throws IOException {
    int refused = 0;
    for (int at = 0; at < store.length; at += BLOCK) {
      byte[] bytes = store.clone();
      Arrays.fill(bytes, at, at + BLOCK, (byte) 0);
      refused += isRefused(bytes) ? 1 : 0;
    }
    TestRun.report("h2 blocks zeroed, found", refused);
    assertTrue(refused > store.length / BLOCK / 4);
  }

  @Test
  void fuzzedImagesAreContentOrCorrupt() throws IOException {
    int tries = TestRun.count(400, 20_000);
    int corrupt = 0;
    for (int i = 0; i < tries; i++) {
      Path file = damaged(fuzzed(image));
      corrupt += isRefused(() -> readAll(file)) ? 1 : 0;
    }
    TestRun.report("h2 damaged images read", tries);
    TestRun.report("h2 damaged images found corrupt", corrupt);
    assertTrue(corrupt > tries / 2, "found only " + corrupt);
  }

  private void readAll(Path file) throws IOException {
    try (ReadView view = ENGINE.openImage(file, Files.size(file))) {
      assertEquals(content, ContentHash.v1(view));
      view.buckets().forEach(view::lastKey);
    }
  }

  /** Up to four bytes, half of them where pages and chunks begin. */
  private byte[] fuzzed(byte[] whole) {
    byte[] bytes = whole.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int block = random.nextInt(bytes.length / BLOCK) * BLOCK;
      int at = block + random.nextInt(random.nextBoolean() ? 256 : BLOCK);
      boolean flips = random.nextBoolean();
      bytes[at] = (byte) (flips ? bytes[at] ^ 1 << random.nextInt(8) : random.nextInt());
    }
    return bytes;
  }

  /** What install lets through can be written to; what it does not leaves nothing. */
  @Test
  void fuzzedImagesAreInstalledWholeOrNotAtAll() throws IOException {
    int tries = TestRun.count(150, 5_000);
    int accepted = 0;
    for (int i = 0; i < tries; i++) {
      byte[] bytes = fuzzed(image);
      Path target = directory.resolve("installed");
      if (isRefused(() -> Stores.install(bytes, target))) {
        assertFalse(Files.exists(target));
      } else {
        accepted++;
        work(target, true);
        Files.delete(target);
      }
    }
    TestRun.report("h2 damaged images installed or refused", tries);
    TestRun.report("h2 damaged images accepted", accepted);
  }

  private void work(Path store, boolean whole) throws IOException {
    isRefused(
        () -> {
          try (Backend backend = ENGINE.open(store, CONFIG)) {
            assertTrue(!whole || content.equals(hash(backend)), "not what was in the image");
            for (int i = 0; i < 3; i++) {
              backend.commit(puts(random, USERS, 200, 800));
            }
            backend.commit(Batch.builder().deleteBucket(USERS).build());
            hash(backend);
          }
        });
  }

  /** Writing to a damaged store may find the damage only then. */
  @Test
  void fuzzedStoresAreWrittenToOrRefused() throws IOException {
    int tries = TestRun.count(150, 5_000);
    for (int i = 0; i < tries; i++) {
      work(damaged(fuzzed(store)), false);
    }
    TestRun.report("h2 damaged stores written to or refused", tries);
  }

  @Test
  void whatLiesBehindAnImageIsNotLookedAt() throws IOException {
    byte[] longer = Arrays.copyOf(image, image.length + 10_000);
    for (int at = image.length; at < longer.length; at++) {
      longer[at] = (byte) random.nextInt();
    }
    try (ReadView view = ENGINE.openImage(damaged(longer), image.length)) {
      assertEquals(content, ContentHash.v1(view));
    }
    assertCode(Code.CORRUPT, () -> ENGINE.openImage(damaged(image), image.length + BLOCK));
    assertEquals(List.of(), leftovers());
  }

  private List<Path> leftovers() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".part")).toList();
    }
  }
}
