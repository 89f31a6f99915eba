package dev.cairn.engine.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.bbolt.BoltChecker;
import dev.cairn.bbolt.BoltReport;
import dev.cairn.io.Disk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
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
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.function.Executable;

/** What the tests of this module do to stores. */
final class Stores {
  static final BboltEngine ENGINE = new BboltEngine();
  static final BackendConfig CONFIG = BackendConfig.defaults();
  static final BackendConfig READ_WRITE = CONFIG.withAccess(Access.READ_WRITE);
  static final BackendConfig READ_ONLY = CONFIG.withAccess(Access.READ_ONLY);
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

  static Batch put(Bucket bucket, String key, String value) {
    return Batch.builder().createBucket(bucket).put(bucket, utf8(key), utf8(value)).build();
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

  static byte[] image(Backend backend) {
    try (Snapshot snapshot = backend.snapshot()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      snapshot.writeTo(Channels.newChannel(bytes));
      assertEquals(snapshot.size(), bytes.size());
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void install(BboltEngine engine, byte[] image, Path store) {
    engine.install(Channels.newChannel(new ByteArrayInputStream(image)), image.length, store);
  }

  static StorageException assertCode(Code code, Executable call) {
    StorageException thrown = assertThrows(StorageException.class, call);
    assertEquals(code, thrown.code(), thrown.getMessage());
    assertEquals(1, thrown.getMessage().lines().count(), thrown.getMessage());
    return thrown;
  }

  /** Our own checker finds nothing in a file. */
  static BoltReport assertSound(Disk disk, Path file) {
    BoltReport report = BoltChecker.check(disk, file, disk.sizeBytes(file));
    assertEquals(List.of(), report.findings());
    return report;
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
