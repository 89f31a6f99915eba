package dev.cairn.engine.mapdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/** What the tests of this module do to stores. */
final class Stores {
  static final MapDbEngine ENGINE = new MapDbEngine();
  static final BackendConfig CONFIG = BackendConfig.defaults();
  static final BackendConfig READ_ONLY = CONFIG.withAccess(BackendConfig.Access.READ_ONLY);
  static final BackendConfig RELAXED = CONFIG.withDurability(BackendConfig.Durability.RELAXED);
  static final Bucket USERS = Bucket.named("users");

  private Stores() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] random(SplittableRandom random, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Puts of random keys and values into a bucket that is made where it is absent. */
  static Batch puts(SplittableRandom random, Bucket bucket, int count, int valueBytesMax) {
    Batch.Builder batch = Batch.builder().createBucket(bucket);
    for (int i = 0; i < count; i++) {
      byte[] value = random(random, random.nextInt(valueBytesMax + 1));
      batch.put(bucket, random(random, 1 + random.nextInt(40)), value);
    }
    return batch.build();
  }

  static String hash(Backend backend) {
    try (ReadView view = backend.openView()) {
      return ContentHash.v1(view);
    }
  }

  static byte[] image(Backend backend) throws IOException {
    try (Snapshot snapshot = backend.snapshot()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      snapshot.writeTo(Channels.newChannel(bytes));
      assertEquals(snapshot.size(), bytes.size());
      assertEquals(0, bytes.size() % 512);
      return bytes.toByteArray();
    }
  }

  static String imageHash(Path image) throws IOException {
    try (ReadView view = ENGINE.openImage(image, Files.size(image))) {
      return ContentHash.v1(view);
    }
  }

  static void install(byte[] image, Path store) {
    install(ENGINE, image, store);
  }

  static void install(Engine engine, byte[] image, Path store) {
    engine.install(Channels.newChannel(new ByteArrayInputStream(image)), image.length, store);
  }

  static StorageException assertCode(Code code, Executable call) {
    StorageException thrown = assertThrows(StorageException.class, call);
    assertEquals(code, thrown.code(), thrown.getMessage());
    assertEquals(1, thrown.getMessage().lines().count(), thrown.getMessage());
    return thrown;
  }

  /** Every file in a directory with what is in it. */
  static Map<Path, Integer> fingerprint(Path directory) throws IOException {
    Map<Path, Integer> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(file -> hashes.put(file, Arrays.hashCode(read(file))));
    }
    return hashes;
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
