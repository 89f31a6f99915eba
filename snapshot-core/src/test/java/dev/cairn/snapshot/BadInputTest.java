package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad files end with the right code and one line, and everything stays as it was. */
class BadInputTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("given.db");
  }

  static Stream<Arguments> filesAndFormats() {
    return Stream.of(BadFile.values())
        .flatMap(bad -> Stream.of("etcd", "lmdb", "heap").map(name -> Arguments.of(bad, name)));
  }

  @ParameterizedTest
  @MethodSource("filesAndFormats")
  void restoreRefuses(BadFile bad, String format) throws IOException {
    bad.write(file);
    assertRefused(bad, () -> Restore.restore(request(bad, format)));
  }

  private RestoreRequest request(BadFile bad, String format) {
    RestoreRequest request =
        RestoreRequest.of(
            SnapshotFile.inspect(file),
            directory.resolve("not/yet/there"),
            StoreFormat.named(format));
    return bad == BadFile.NESTED_BUCKETS ? request.withoutHashCheck() : request;
  }

  @ParameterizedTest
  @MethodSource("filesAndFormats")
  void convertRefuses(BadFile bad, String format) throws IOException {
    bad.write(file);
    if (bad == BadFile.TRUNCATED_IN_THE_HASH) {
      return; // All of the image is there, and a store file may be converted without a hash.
    }
    assertRefused(
        bad,
        () ->
            Convert.convert(
                SnapshotFile.inspect(file),
                directory.resolve("converted.db"),
                StoreFormat.named(format),
                ConvertOptions.defaults()));
  }

  @ParameterizedTest
  @EnumSource(BadFile.class)
  void verifyRefuses(BadFile bad) throws IOException {
    bad.write(file);
    if (bad == BadFile.A_USERS_OWN_LMDB_FILE || bad == BadFile.NESTED_BUCKETS) {
      assertRefused(Code.CORRUPT, "no SHA-256", () -> SnapshotFile.inspect(file).verify());
    } else {
      assertRefused(bad, () -> SnapshotFile.inspect(file).verify());
    }
  }

  private void assertRefused(BadFile bad, Runnable action) {
    assertRefused(bad.code, bad.text, action);
  }

  private void assertRefused(Code code, String text, Runnable action) {
    Map<String, String> before = Trees.of(directory);
    StorageException e = assertThrows(StorageException.class, action::run);
    assertEquals(code, e.code(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void aFileThatIsNotThereIsNotFound() {
    assertRefused(Code.NOT_FOUND, "no such file", () -> SnapshotFile.inspect(file));
  }

  @Test
  void aDirectoryIsNoFile() throws IOException {
    Files.createDirectory(file);
    assertRefused(Code.IO, "is a directory", () -> SnapshotFile.inspect(file));
  }

  @Test
  void theHashIsWantedUnlessToldOtherwise() {
    Path hashless = Fixture.WAL.in(directory);
    file = hashless;
    RestoreRequest request =
        RestoreRequest.of(
            SnapshotFile.inspect(hashless),
            directory.resolve("data"),
            StoreFormat.engine(new LmdbEngine()));
    assertRefused(Code.CORRUPT, "--skip-hash-check", () -> Restore.restore(request));
    RestoreResult result = Restore.restore(request.withoutHashCheck());
    assertEquals(result.sourceHash(), result.restoredHash());
  }

  @Test
  void aTargetThatIsThereIsLeftAlone() throws IOException {
    file = Fixture.TINY.in(directory);
    Path there = Files.write(directory.resolve("there"), new byte[] {1, 2, 3});
    SnapshotFile source = SnapshotFile.inspect(file);
    file = there;
    assertRefused(
        Code.EXISTS,
        "exists already",
        () -> Convert.convert(source.path(), there, new LmdbEngine(), ConvertOptions.defaults()));
    assertRefused(
        Code.EXISTS,
        "no directory",
        () -> Restore.restore(RestoreRequest.of(source, there, StoreFormat.etcd())));
  }

  static Stream<Arguments> contentsOverTheLimits() {
    byte[] wideKey = new byte[600];
    wideKey[0] = (byte) 0xab;
    MapView manyBuckets = new MapView();
    for (int i = 0; i < 1025; i++) {
      manyBuckets.bucket("bucket" + i);
    }
    return Stream.of(
        Arguments.of(
            new MapView().put("fine", "key", "value").put("wide", wideKey, new byte[3]),
            "bucket wide: key 0xab00",
            "511"),
        Arguments.of(
            new MapView().put("long", new byte[] {7}, new byte[(8 << 20) + 1]),
            "bucket long: key 0x07: value of 8388609 bytes",
            "8388608"),
        Arguments.of(manyBuckets, "1025 buckets", "1024"));
  }

  @ParameterizedTest
  @MethodSource("contentsOverTheLimits")
  void whatTheTargetCannotHoldIsNamedBeforeAnythingIsMade(
      MapView content, String what, String limit) throws IOException {
    try (Snapshot image = EtcdImages.of(content)) {
      Snapshots.save(image, file, SaveOptions.defaults());
    }
    assertTrue(content.isClosed());
    SnapshotFile source = SnapshotFile.inspect(file);
    StoreFormat lmdb = StoreFormat.engine(new LmdbEngine());
    Path target = directory.resolve("target");
    assertRefused(
        Code.LIMIT, what, () -> Convert.convert(source, target, lmdb, ConvertOptions.defaults()));
    assertRefused(
        Code.LIMIT, limit, () -> Restore.restore(RestoreRequest.of(source, target, lmdb)));
  }
}
