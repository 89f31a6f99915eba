package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.ENGINE;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.hash;
import static dev.cairn.engine.lmdb.Stores.puts;
import static dev.cairn.engine.lmdb.Stores.read;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores and images of every format version, as the build that brought it in made them. */
class LmdbFixturesTest {
  @TempDir Path directory;

  private static byte[] fixture(int version, String name) throws IOException {
    String resource = "v" + version + "/" + name;
    try (InputStream in = LmdbFixturesTest.class.getResourceAsStream(resource)) {
      assertNotNull(in, "no fixture " + resource + "; make it with LmdbFixturesTest.Make");
      return in.readAllBytes();
    }
  }

  private static String expected(int version) throws IOException {
    return new String(fixture(version, "content.hash"), StandardCharsets.US_ASCII).strip();
  }

  @Test
  void everyVersionOfAStoreIsOpened() throws IOException {
    for (int version = 1; version <= LmdbEngine.FORMAT_VERSION; version++) {
      Path store = Files.write(directory.resolve("v" + version), fixture(version, "store.lmdb"));
      try (Backend backend = ENGINE.open(store, Stores.READ_ONLY)) {
        assertEquals(expected(version), hash(backend));
      }
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        assertEquals(expected(version), hash(backend));
        backend.commit(puts(new SplittableRandom(1), USERS, 100, 100));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw.image", "compact.image"})
  void everyVersionOfAnImageIsReadAndInstalled(String name) throws IOException {
    for (int version = 1; version <= LmdbEngine.FORMAT_VERSION; version++) {
      byte[] image = fixture(version, name);
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
      Path store = directory.resolve("store.lmdb");
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        SplittableRandom random = new SplittableRandom(2026);
        backend.commit(puts(random, Bucket.of(new byte[] {0, (byte) 0xff}), 5, 20));
        backend.commit(puts(random, Bucket.named("big"), 1, 9_000));
        backend.commit(puts(random, USERS, 150, 60));
        backend.commit(Batch.builder().createBucket(Bucket.named("empty")).build());
        Files.writeString(directory.resolve("content.hash"), hash(backend) + "\n");
        Files.write(directory.resolve("raw.image"), Stores.image(backend));
      }
      byte[] kept = read(store);
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        SplittableRandom random = new SplittableRandom(2027);
        backend.commit(puts(random, Bucket.named("gone"), 60, 3_000));
        backend.commit(Batch.builder().deleteBucket(Bucket.named("gone")).build());
        Files.write(directory.resolve("compact.image"), Stores.image(backend));
      }
      Files.write(store, kept);
      Files.delete(directory.resolve("store.lmdb-lock"));
    }
  }
}
