package dev.cairn.engine.h2;

import static dev.cairn.engine.h2.Stores.CONFIG;
import static dev.cairn.engine.h2.Stores.ENGINE;
import static dev.cairn.engine.h2.Stores.USERS;
import static dev.cairn.engine.h2.Stores.hash;
import static dev.cairn.engine.h2.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store and an image of every format version, as the build that brought it in made them. */
class H2FixturesTest {
  @TempDir Path directory;

  private static byte[] fixture(int version, String name) throws IOException {
    String resource = "v" + version + "/" + name;
    try (InputStream in = H2FixturesTest.class.getResourceAsStream(resource)) {
      assertNotNull(in, "no fixture " + resource + "; make it with H2FixturesTest.Make");
      return in.readAllBytes();
    }
  }

  private static String expected(int version) throws IOException {
    return new String(fixture(version, "content.hash"), StandardCharsets.US_ASCII).strip();
  }

  @Test
  void everyVersionOfAStoreIsOpened() throws IOException {
    for (int version = 1; version <= H2Engine.FORMAT_VERSION; version++) {
      Path store = Files.write(directory.resolve("v" + version), fixture(version, "store.h2"));
      try (Backend backend = ENGINE.open(store, Stores.READ_ONLY)) {
        assertEquals(expected(version), hash(backend));
      }
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        assertEquals(expected(version), hash(backend));
        backend.commit(puts(new SplittableRandom(1), USERS, 100, 100));
      }
    }
  }

  /** The process that made it was killed in the middle of a commit. */
  @Test
  void everyVersionOfAnUnfinishedStoreIsOpened() throws IOException {
    for (int version = 1; version <= H2Engine.FORMAT_VERSION; version++) {
      Path store = Files.write(directory.resolve("torn" + version), fixture(version, "torn.h2"));
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        assertEquals(expected(version), hash(backend));
        backend.commit(puts(new SplittableRandom(1), USERS, 100, 100));
      }
    }
  }

  @Test
  void everyVersionOfAnImageIsReadAndInstalled() throws IOException {
    for (int version = 1; version <= H2Engine.FORMAT_VERSION; version++) {
      byte[] image = fixture(version, "image.h2");
      assertEquals(
          expected(version), Stores.imageHash(Files.write(directory.resolve("image"), image)));
      Path store = directory.resolve("installed-v" + version);
      Stores.install(image, store);
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        assertEquals(expected(version), hash(backend));
      }
    }
  }

  /** Makes the fixtures of the present version in a directory. */
  static final class Make {
    private Make() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      Path store = directory.resolve("store.h2");
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        SplittableRandom random = new SplittableRandom(2026);
        backend.commit(puts(random, Bucket.of(new byte[] {0, (byte) 0xff}), 5, 20));
        backend.commit(puts(random, Bucket.named("big"), 1, 9_000));
        backend.commit(puts(random, USERS, 100, 60));
        backend.commit(Batch.builder().createBucket(Bucket.named("empty")).build());
        Files.writeString(directory.resolve("content.hash"), hash(backend) + "\n");
        Files.write(directory.resolve("image.h2"), Stores.image(backend));
      }
      makeTorn(store, directory.resolve("torn.h2"));
    }

    private static void makeTorn(Path store, Path torn) throws IOException {
      Files.copy(store, torn);
      long chunkAtBytes;
      try (Backend backend = ENGINE.open(torn, CONFIG)) {
        backend.commit(puts(new SplittableRandom(2027), USERS, 10, 60));
        try (var file = dev.cairn.io.LocalDisk.INSTANCE.open(torn, dev.cairn.io.Disk.Mode.READ)) {
          chunkAtBytes =
              CommitPoint.candidates(file, file.sizeBytes()).get(0).header().chunkAtBytes();
        }
        byte[] bytes = Stores.read(torn);
        java.util.Arrays.fill(
            bytes, (int) chunkAtBytes + 512, (int) chunkAtBytes + 1_024, (byte) 0);
        Files.write(directory(torn).resolve("torn.tmp"), bytes);
      }
      Files.move(
          directory(torn).resolve("torn.tmp"),
          torn,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path directory(Path file) {
      return file.toAbsolutePath().getParent();
    }
  }
}
