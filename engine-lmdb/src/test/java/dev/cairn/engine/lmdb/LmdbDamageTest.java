package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.ENGINE;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged images: reading one gives content or {@code corrupt}, and LMDB gets to see none that
 * could bring it down. The latter is tried in a JVM of its own, which would die.
 */
class LmdbDamageTest {
  private static final Set<Code> EXPECTED = EnumSet.of(Code.CORRUPT, Code.UNSUPPORTED);

  @TempDir Path directory;

  private final long seed = TestRun.seed(getClass());
  private final SplittableRandom random = new SplittableRandom(seed);

  /** An image with free pages, big values, several levels and several buckets. */
  static byte[] image(Path store, SplittableRandom random) throws IOException {
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      backend.commit(puts(random, USERS, 600, 500));
      backend.commit(puts(random, Bucket.named("big"), 10, 20_000));
      backend.commit(puts(random, Bucket.named("small"), 3, 3));
      ReadView pin = backend.openView();
      for (int i = 0; i < 5; i++) {
        backend.commit(puts(random, USERS, 20, 300));
      }
      pin.close();
      backend.commit(Batch.builder().createBucket(Bucket.named("empty")).build());
      return Stores.image(backend);
    }
  }

  /** Changes up to four bytes, half of them where a page's structure is. */
  static byte[] damaged(byte[] image, SplittableRandom random) {
    byte[] bytes = image.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int page = random.nextInt(bytes.length / 4096) * 4096;
      int at = page + (random.nextBoolean() ? random.nextInt(64) : random.nextInt(4096));
      bytes[at] =
          (byte) (random.nextBoolean() ? bytes[at] ^ 1 << random.nextInt(8) : random.nextInt());
    }
    return bytes;
  }

  /** LMDB ends the process over some of them. */
  @Test
  void otherFlagsOfTheFreeTreeAreRefused() throws IOException {
    byte[] whole = image(directory.resolve("db"), random);
    Path file = directory.resolve("flags");
    for (int bit = 0; bit < Short.SIZE; bit++) {
      byte[] bytes = whole.clone();
      for (int page = 0; page < Meta.COUNT; page++) {
        bytes[page * 4_096 + 44 + bit / 8] ^= (byte) (1 << bit % 8);
      }
      Files.write(file, bytes);
      if (bit != 14) {
        Stores.assertCode(Code.CORRUPT, () -> ENGINE.openImage(file, bytes.length));
        Path store = directory.resolve("store" + bit);
        Stores.assertCode(Code.CORRUPT, () -> Stores.install(bytes, store));
      }
    }
  }

  @Test
  void aDamagedImageIsContentOrCorrupt() throws IOException {
    byte[] whole = image(directory.resolve("db"), random);
    int corrupt = 0;
    int tries = TestRun.count(250, 20_000);
    Path file = directory.resolve("image");
    for (int i = 0; i < tries; i++) {
      Files.write(file, damaged(whole, random));
      corrupt += isCorrupt(file) ? 1 : 0;
    }
    TestRun.report("lmdb damaged images read", tries);
    TestRun.report("lmdb damaged images found corrupt", corrupt);
    assertTrue(corrupt > tries / 20, "found only " + corrupt);
  }

  private static boolean isCorrupt(Path file) throws IOException {
    try (ReadView view = ENGINE.openImage(file, Files.size(file))) {
      ContentHash.v1(view);
      view.buckets().forEach(view::lastKey);
      return false;
    } catch (StorageException e) {
      assertTrue(EXPECTED.contains(e.code()), e::toString);
      return true;
    }
  }

  @Test
  void lmdbSeesNoImageThatCouldBringItDown() throws Exception {
    int tries = TestRun.count(100, 5_000);
    List<String> told =
        Child.run(
            List.of(),
            InstallDamaged.class,
            directory.toString(),
            Long.toString(seed),
            Integer.toString(tries));
    assertEquals("done", told.get(told.size() - 1));
    told.forEach(line -> System.out.println("damaged images installed: " + line));
  }

  /** Installs damaged images, and works with those that are accepted. */
  static final class InstallDamaged {
    private InstallDamaged() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[1]));
      byte[] whole = image(directory.resolve("db"), random);
      int accepted = 0;
      int tries = Integer.parseInt(arguments[2]);
      for (int i = 0; i < tries; i++) {
        byte[] image = damaged(whole, random);
        accepted += works(image, directory.resolve("copy" + i), random) ? 1 : 0;
      }
      System.out.println(accepted + " of " + tries + " accepted");
      System.out.println("done");
    }

    private static boolean works(byte[] image, Path store, SplittableRandom random)
        throws IOException {
      try {
        Stores.install(image, store);
      } catch (StorageException e) {
        if (!EXPECTED.contains(e.code()) || Files.exists(store)) {
          throw e;
        }
        return false;
      }
      // Many small changes all over: every page is touched, split, merged or freed.
      try (Backend backend =
          ENGINE.open(
              store, CONFIG.withDurability(dev.cairn.spi.BackendConfig.Durability.RELAXED))) {
        for (int i = 0; i < 3; i++) {
          backend.commit(puts(random, USERS, 200, 800));
        }
        backend.commit(puts(random, Bucket.named("big"), 3, 20_000));
        backend.commit(deleteAll(backend));
        backend.commit(Batch.builder().deleteBucket(USERS).build());
        backend.commit(puts(random, USERS, 50, 100));
        Stores.hash(backend);
      }
      for (Path file : ENGINE.files(store)) {
        Files.delete(file);
      }
      return true;
    }

    private static Batch deleteAll(Backend backend) {
      Batch.Builder batch = Batch.builder();
      try (ReadView view = backend.openView()) {
        for (Bucket bucket : view.buckets()) {
          try (var cursor = view.openCursor(bucket)) {
            while (cursor.next()) {
              byte[] key = new byte[cursor.key().remaining()];
              cursor.key().get(key);
              batch.delete(bucket, key);
            }
          }
        }
      }
      return batch.build();
    }
  }
}
