package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.CONFIG;
import static dev.cairn.engine.bbolt.Stores.ENGINE;
import static dev.cairn.engine.bbolt.Stores.hash;
import static dev.cairn.engine.bbolt.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store and an image of every format version, as the build that brought it in made them. */
class BboltFixturesTest {
  @TempDir Path directory;

  private static byte[] fixture(int version, String name) throws IOException {
    String resource = "v" + version + "/" + name;
    try (InputStream in = BboltFixturesTest.class.getResourceAsStream(resource)) {
      assertNotNull(in, "no fixture " + resource + "; make it with BboltFixturesTest.Make");
      return in.readAllBytes();
    }
  }

  private static String text(int version, String name) throws IOException {
    return new String(fixture(version, name), StandardCharsets.US_ASCII).strip();
  }

  @Test
  void everyVersionOfAStoreIsOpened() throws IOException {
    for (int version = 1; version <= BboltEngine.FORMAT_VERSION; version++) {
      Path store = Stores.write(directory.resolve("v" + version), fixture(version, "store.db"));
      try (Backend backend = ENGINE.open(store, Stores.READ_ONLY)) {
        assertEquals(text(version, "content.hash"), hash(backend));
        assertEquals(text(version, "store.id"), backend.stats().storeId());
      }
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        backend.commit(puts(new SplittableRandom(1), Stores.USERS, 100, 100));
      }
      Stores.assertSound(LocalDisk.INSTANCE, store);
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        assertEquals(text(version, "store.id"), backend.stats().storeId());
      }
    }
  }

  @Test
  void everyVersionOfAnImageIsReadAndInstalled() throws IOException {
    for (int version = 1; version <= BboltEngine.FORMAT_VERSION; version++) {
      byte[] image = fixture(version, "native.image");
      Path file = Stores.write(directory.resolve("image"), image);
      try (ReadView view = ENGINE.openImage(file, image.length)) {
        assertEquals(text(version, "content.hash"), ContentHash.v1(view));
      }
      Path store = directory.resolve("installed-v" + version);
      Stores.install(ENGINE, image, store);
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        assertEquals(text(version, "content.hash"), hash(backend));
        assertNotEquals(text(version, "store.id"), backend.stats().storeId());
      }
    }
  }

  /** Makes the fixtures of the present version in a directory. */
  static final class Make {
    private Make() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      Path store = directory.resolve("store.db");
      try (Backend backend = ENGINE.open(store, CONFIG.withOption("bbolt.pageSizeBytes", "512"))) {
        SplittableRandom random = new SplittableRandom(2026);
        backend.commit(puts(random, Bucket.of(new byte[] {0, (byte) 0xff}), 2, 20));
        backend.commit(puts(random, Bucket.named("big"), 1, 5_000));
        backend.commit(puts(random, Stores.USERS, 80, 40));
        backend.commit(Batch.builder().createBucket(Bucket.named("empty")).build());
        Files.writeString(directory.resolve("content.hash"), hash(backend) + "\n");
        Files.writeString(directory.resolve("store.id"), backend.stats().storeId() + "\n");
        Files.write(directory.resolve("native.image"), Stores.image(backend));
      }
    }
  }
}
