package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.ENGINE;
import static dev.cairn.engine.bbolt.Stores.READ_ONLY;
import static dev.cairn.engine.bbolt.Stores.READ_WRITE;
import static dev.cairn.engine.bbolt.Stores.assertCode;
import static dev.cairn.engine.bbolt.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.bbolt.BoltFile;
import dev.cairn.bbolt.BoltMeta;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real etcd and this engine, in turn on the same database. */
class BboltEtcdTest {
  private static final Bucket KEY = Bucket.named("key");
  private static final Bucket NEUTRAL = Bucket.named("cairn-neutral");
  private static final int KEYS = 60;
  private static final int REVISION_BYTES = 17;

  @TempDir Path directory;
  private Path dataDir;
  private Path db;

  @BeforeEach
  void find() {
    RealEtcd.need();
    dataDir = directory.resolve("etcd");
    db = RealEtcd.db(dataDir);
  }

  private static void putKeys(RealEtcd etcd, String prefix, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      etcd.ask("put", prefix + i, "value of " + prefix + i);
    }
  }

  private static List<String> expected(String prefix, int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(prefix + i);
      lines.add("value of " + prefix + i);
    }
    return lines;
  }

  private static List<String> all(RealEtcd etcd, String prefix) throws Exception {
    return etcd.ask("get", prefix, "--prefix", "--sort-by", "CREATE").lines().toList();
  }

  /** One put as etcd stores it: a revision as key, a KeyValue message as value. */
  private static void addRevision(Batch.Builder batch, long revision, String key, String value) {
    byte[] name = ByteBuffer.allocate(REVISION_BYTES).putLong(revision).put((byte) '_').array();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    bytesField(message, 1, utf8(key));
    numberField(message, 2, revision);
    numberField(message, 3, revision);
    numberField(message, 4, 1);
    bytesField(message, 5, utf8(value));
    batch.put(KEY, name, message.toByteArray());
  }

  private static void bytesField(ByteArrayOutputStream message, int field, byte[] bytes) {
    message.write(field << 3 | 2);
    varint(message, bytes.length);
    message.writeBytes(bytes);
  }

  private static void numberField(ByteArrayOutputStream message, int field, long number) {
    message.write(field << 3);
    varint(message, number);
  }

  private static void varint(ByteArrayOutputStream message, long number) {
    for (long left = number; ; left >>>= 7) {
      if (left < 0x80) {
        message.write((int) left);
        return;
      }
      message.write((int) (left & 0x7f | 0x80));
    }
  }

  private static long lastRevision(Backend backend) {
    try (ReadView view = backend.openView()) {
      return ByteBuffer.wrap(view.lastKey(KEY)).getLong();
    }
  }

  private static String bboltFormatHash(Path file) {
    try (ReadView view = BoltFile.openView(LocalDisk.INSTANCE, file, sizeBytes(file))) {
      return ContentHash.v1(view);
    }
  }

  private static long sizeBytes(Path file) {
    return LocalDisk.INSTANCE.sizeBytes(file);
  }

  @Test
  void etcdAndTheEngineTakeTurns() throws Exception {
    try (RealEtcd etcd = RealEtcd.start(dataDir)) {
      putKeys(etcd, "first", KEYS);
    }
    int ours = 300;
    try (Backend backend = ENGINE.open(db, READ_WRITE)) {
      long revision = lastRevision(backend);
      Batch.Builder batch = Batch.builder();
      for (int i = 0; i < ours; i++) {
        addRevision(batch, ++revision, "cairn" + i, "value of cairn" + i);
      }
      backend.commit(batch.build());
      SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
      for (int i = 0; i < 30; i++) {
        backend.commit(Stores.puts(random, NEUTRAL, 40, i == 7 ? 100_000 : 200));
      }
    }
    Stores.assertSound(LocalDisk.INSTANCE, db);
    String neutral;
    try (Backend backend = ENGINE.open(db, READ_ONLY)) {
      neutral = Stores.hash(backend);
    }
    assertEquals(bboltFormatHash(db), neutral);
    try (RealEtcd etcd = RealEtcd.start(dataDir)) {
      assertEquals(expected("first", KEYS), all(etcd, "first"));
      assertEquals(expected("cairn", ours), all(etcd, "cairn"));
      putKeys(etcd, "second", KEYS);
      assertEquals(expected("second", KEYS), all(etcd, "second"));
    }
    assertWhatEtcdLeft();
  }

  private void assertWhatEtcdLeft() {
    Stores.assertSound(LocalDisk.INSTANCE, db);
    try (BoltFile file = BoltFile.open(LocalDisk.INSTANCE, db, sizeBytes(db))) {
      assertEquals(BoltMeta.NO_FREELIST, file.meta().freelistPage());
    }
    byte[] before = Stores.read(db);
    try (Backend backend = ENGINE.open(db, READ_ONLY)) {
      assertEquals(bboltFormatHash(db), Stores.hash(backend));
    }
    assertArrayEquals(before, Stores.read(db));
    try (Backend backend = ENGINE.open(db, READ_WRITE)) {
      backend.commit(Batch.builder().deleteBucket(NEUTRAL).build());
      byte[] image = Stores.image(backend);
      assertEquals(0, image.length % 512);
      String hash = Stores.hash(backend);
      Path copy = Stores.write(directory.resolve("copy"), image);
      assertEquals(hash, bboltFormatHash(copy));
    }
    Stores.assertSound(LocalDisk.INSTANCE, db);
  }

  /** etcd's own tool reads the engine's image, and etcd runs on what it restores from that. */
  @Test
  void etcdRunsOnTheImage() throws Exception {
    try (RealEtcd etcd = RealEtcd.start(dataDir)) {
      putKeys(etcd, "key", KEYS);
    }
    Path image = directory.resolve("image");
    try (Backend backend = ENGINE.open(db, READ_WRITE)) {
      backend.commit(Stores.put(NEUTRAL, "k", "v"));
      Stores.write(image, Stores.image(backend));
    }
    Path restored = directory.resolve("restored");
    Process restore =
        new ProcessBuilder(
                RealEtcd.isOnPath("etcdutl") ? "etcdutl" : "etcdctl",
                "snapshot",
                "restore",
                image.toString(),
                "--skip-hash-check",
                "--data-dir",
                restored.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("restore.log").toFile())
            .start();
    assertEquals(0, restore.waitFor(), () -> "see restore.log");
    try (RealEtcd etcd = RealEtcd.start(restored)) {
      assertEquals(expected("key", KEYS), all(etcd, "key"));
    }
  }

  @Test
  void aRunningEtcdsDatabaseIsLocked() throws Exception {
    try (RealEtcd etcd = RealEtcd.start(dataDir)) {
      putKeys(etcd, "key", 2);
      var refused = assertCode(Code.LOCKED, () -> ENGINE.open(db, READ_WRITE));
      assertTrue(refused.getMessage().contains("etcd"), refused.getMessage());
      assertCode(Code.LOCKED, () -> ENGINE.open(db, READ_ONLY));
      putKeys(etcd, "more", 2);
    }
    assertTrue(Files.exists(db));
    try (Backend backend = ENGINE.open(db, READ_WRITE);
        ReadView view = backend.openView()) {
      assertNotNull(view.lastKey(KEY));
    }
  }
}
