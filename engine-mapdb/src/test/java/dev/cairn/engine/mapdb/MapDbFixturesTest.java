package dev.cairn.engine.mapdb;

import static dev.cairn.engine.mapdb.Stores.CONFIG;
import static dev.cairn.engine.mapdb.Stores.ENGINE;
import static dev.cairn.engine.mapdb.Stores.USERS;
import static dev.cairn.engine.mapdb.Stores.hash;
import static dev.cairn.engine.mapdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stores, unfinished journals and images of every format version, as the build that brought it in
 * made them. They are kept compressed, as most of a small store is zeros.
 */
class MapDbFixturesTest {
  @TempDir Path directory;

  private static InputStream resource(int version, String name) {
    String resource = "v" + version + "/" + name;
    InputStream in = MapDbFixturesTest.class.getResourceAsStream(resource);
    assertNotNull(in, "no fixture " + resource + "; make it with MapDbFixturesTest.Make");
    return in;
  }

  private static byte[] fixture(int version, String name) throws IOException {
    try (InputStream in = new GZIPInputStream(resource(version, name + ".gz"))) {
      return in.readAllBytes();
    }
  }

  private static String expected(int version, String name) throws IOException {
    try (InputStream in = resource(version, name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
  }

  private void assertOpens(Path store, String expected) {
    try (Backend backend = ENGINE.open(store, Stores.READ_ONLY)) {
      assertEquals(expected, hash(backend));
    }
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      assertEquals(expected, hash(backend));
      backend.commit(puts(new SplittableRandom(1), USERS, 100, 100));
    }
  }

  @Test
  void everyVersionOfAStoreIsOpened() throws IOException {
    for (int version = 1; version <= PageFile.FORMAT_VERSION; version++) {
      Path store = Files.write(directory.resolve("v" + version), fixture(version, "store"));
      assertOpens(store, expected(version, "store.hash"));
    }
  }

  @Test
  void everyVersionOfAnUnfinishedJournalIsReplayed() throws IOException {
    for (int version = 1; version <= PageFile.FORMAT_VERSION; version++) {
      Path store = Files.write(directory.resolve("v" + version), fixture(version, "store"));
      Path journal = Sidecars.journal(store);
      Files.write(journal, fixture(version, "journal"));
      assertOpens(store, expected(version, "journal.hash"));
      assertTrue(Files.notExists(journal));
    }
  }

  @Test
  void everyVersionOfAnImageIsReadAndInstalled() throws IOException {
    for (int version = 1; version <= PageFile.FORMAT_VERSION; version++) {
      byte[] image = fixture(version, "image");
      Path file = Files.write(directory.resolve("image" + version), image);
      assertEquals(expected(version, "journal.hash"), Stores.imageHash(file));
      Path store = directory.resolve("installed-v" + version);
      Stores.install(image, store);
      assertOpens(store, expected(version, "journal.hash"));
    }
  }

  /** Makes the fixtures of the present version in a directory. */
  static final class Make {
    private Make() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      Path store = directory.resolve("db");
      SplittableRandom random = new SplittableRandom(2026);
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        backend.commit(puts(random, Bucket.of(new byte[] {0, (byte) 0xff}), 5, 20));
        backend.commit(puts(random, Bucket.named("big"), 1, 70_000));
        backend.commit(puts(random, USERS, 150, 60));
        backend.commit(Batch.builder().createBucket(Bucket.named("empty")).build());
        Files.writeString(directory.resolve("store.hash"), hash(backend) + "\n");
      }
      compress(directory, "store", Stores.read(store));
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        backend.commit(puts(random, USERS, 10, 300));
        backend.commit(puts(random, Bucket.named("new"), 10, 300));
        compress(directory, "journal", Stores.read(Sidecars.journal(store)));
        compress(directory, "image", Stores.image(backend));
        Files.writeString(directory.resolve("journal.hash"), hash(backend) + "\n");
      }
      Files.delete(store);
    }

    private static void compress(Path directory, String name, byte[] bytes) throws IOException {
      try (OutputStream out =
          new GZIPOutputStream(Files.newOutputStream(directory.resolve(name + ".gz")))) {
        out.write(bytes);
      }
    }
  }
}
