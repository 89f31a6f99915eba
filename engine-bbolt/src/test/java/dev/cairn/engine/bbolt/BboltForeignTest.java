package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.ENGINE;
import static dev.cairn.engine.bbolt.Stores.READ_ONLY;
import static dev.cairn.engine.bbolt.Stores.READ_WRITE;
import static dev.cairn.engine.bbolt.Stores.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.bbolt.BoltBucket;
import dev.cairn.bbolt.BoltFile;
import dev.cairn.bbolt.BoltMeta;
import dev.cairn.engine.bbolt.ForeignFile.Known;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.BboltTool;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of real bbolt and etcd: read as they are, written on, or refused for a named reason. */
class BboltForeignTest {
  @TempDir static Path tools;
  private static Optional<BboltTool> bbolt;

  @TempDir Path directory;

  @BeforeAll
  static void findBbolt() {
    bbolt = BboltTool.find(tools);
  }

  static List<ForeignFile> files() {
    return ForeignFile.all();
  }

  static List<ForeignFile> filesWithoutNestedBuckets() {
    return ForeignFile.all().stream().filter(file -> !file.isNested()).toList();
  }

  private static Bucket bucket(Known known) {
    return known.path().startsWith("0x")
        ? Bucket.of(HexFormat.of().parseHex(known.path().substring(2)))
        : Bucket.named(known.path());
  }

  private Path unpack(ForeignFile file) {
    return Stores.write(directory.resolve("db"), file.bytes());
  }

  private static void assertIs(ForeignFile file, ReadView view, Bucket... more) {
    assertEquals(file.buckets().size() + more.length, view.buckets().size());
    for (Known known : file.buckets()) {
      CRC32C crc = new CRC32C();
      long elements = 0;
      try (Cursor cursor = view.openCursor(bucket(known))) {
        while (cursor.next()) {
          elements++;
          crc.update(cursor.key());
          crc.update(cursor.value());
        }
      }
      assertEquals(known.elements(), elements, known.path());
      assertEquals(known.crc32c(), crc.getValue(), known.path());
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isReadAsItIsOrRefusedByName(ForeignFile file) {
    Path db = unpack(file);
    byte[] before = Stores.read(db);
    assertTrue(ENGINE.recognizes(head(before)));
    if (file.isNested()) {
      for (var config : List.of(READ_ONLY, READ_WRITE)) {
        StorageException refused = assertCode(Code.UNSUPPORTED, () -> ENGINE.open(db, config));
        String path = refused.getMessage().replaceAll(".*holds bucket (\\S+) within.*", "$1");
        assertTrue(
            file.buckets().stream().anyMatch(known -> known.path().equals(path)),
            refused.getMessage());
      }
    } else {
      try (Backend backend = ENGINE.open(db, READ_ONLY);
          ReadView view = backend.openView();
          ReadView image = ENGINE.openImage(db, before.length)) {
        assertIs(file, view);
        assertIs(file, image);
      }
    }
    assertArrayEquals(before, Stores.read(db));
  }

  @ParameterizedTest
  @MethodSource("filesWithoutNestedBuckets")
  void isWrittenOn(ForeignFile file) {
    Path db = unpack(file);
    Bucket added = Bucket.named("added");
    SplittableRandom random = new SplittableRandom(5);
    String id;
    try (Backend backend = ENGINE.open(db, READ_WRITE)) {
      id = backend.stats().storeId();
      for (int i = 0; i < 5; i++) {
        backend.commit(Stores.puts(random, added, 30, 3 * file.pageSizeBytes()));
      }
      for (Known known : file.buckets()) {
        backend.commit(touch(bucket(known), true));
        backend.commit(touch(bucket(known), false));
      }
    }
    Stores.assertSound(LocalDisk.INSTANCE, db);
    assertKept(file, db);
    try (Backend backend = ENGINE.open(db, READ_WRITE);
        ReadView view = backend.openView()) {
      assertEquals(id, backend.stats().storeId());
      assertIs(file, view, added);
    }
    if (bbolt.isPresent()) {
      BboltTool.Outcome outcome = bbolt.get().check(db);
      assertEquals(0, outcome.exitCode(), outcome.output());
    }
  }

  /** A key is put that was not there, and is deleted again. */
  private static Batch touch(Bucket bucket, boolean put) {
    byte[] key = Stores.utf8("\u0001cairn");
    return put
        ? Batch.builder().put(bucket, key, new byte[100]).build()
        : Batch.builder().delete(bucket, key).build();
  }

  /** What no view shows: page size, sequences, and whether a freelist is stored. */
  private static void assertKept(ForeignFile file, Path db) {
    long sizeBytes = LocalDisk.INSTANCE.sizeBytes(db);
    try (BoltFile bolt = BoltFile.open(LocalDisk.INSTANCE, db, sizeBytes)) {
      assertEquals(file.pageSizeBytes(), bolt.meta().pageSizeBytes());
      assertEquals(file.storesFreelist(), bolt.meta().freelistPage() != BoltMeta.NO_FREELIST);
      for (Known known : file.buckets()) {
        BoltBucket found =
            bolt.buckets().stream()
                .filter(bucket -> bucket.path().equals(known.path()))
                .findFirst()
                .orElseThrow();
        assertEquals(known.sequence(), found.sequence());
      }
    }
  }

  private static HeadReader head(byte[] file) {
    return new HeadReader() {
      @Override
      public long sizeBytes() {
        return file.length;
      }

      @Override
      public int read(long offsetBytes, ByteBuffer into) {
        int count = (int) Math.max(0, Math.min(into.remaining(), file.length - offsetBytes));
        if (count > 0) {
          into.put(file, (int) offsetBytes, count);
        }
        return count;
      }
    };
  }
}
