package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.EtcdStatus;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What real etcd wrote goes through every engine and comes out as it was. */
class RoundTripTest {
  private static final List<String> ENGINES = List.of("heap", "lmdb");

  @TempDir Path directory;

  static Stream<Arguments> fixturesAndEngines() {
    return Stream.of(Fixture.values())
        .flatMap(each -> ENGINES.stream().map(engine -> Arguments.of(each, engine)));
  }

  private SnapshotFile inspect(Fixture fixture) {
    return SnapshotFile.inspect(fixture.in(directory));
  }

  private ConvertResult convert(SnapshotFile from, String name, String format) {
    return Convert.convert(
        from, directory.resolve(name), StoreFormat.named(format), ConvertOptions.defaults());
  }

  private static String contentHash(SnapshotFile file) {
    try (ReadView view = file.openView()) {
      return ContentHash.v1(view);
    }
  }

  private static void assertStatus(Fixture fixture, SnapshotFile file) {
    try (ReadView view = file.openView()) {
      EtcdStatus status = EtcdStatus.of(view);
      assertEquals(fixture.statusHash, status.hash());
      assertEquals(fixture.revision, status.revision());
      assertEquals(fixture.totalKeys, status.totalKeys());
      assertEquals(fixture.maintenanceHash, EtcdHash.maintenance(view));
    }
  }

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void inspectingTellsWhatIsThere(Fixture fixture) {
    SnapshotFile file = inspect(fixture);
    assertEquals("etcd", file.format());
    assertEquals(fixture.totalSize, file.imageSizeBytes());
    assertEquals(fixture.hasHash, file.hasHash());
    assertEquals(fixture.hasHash, file.sha256Hex().isPresent());
    assertEquals(fixture.totalSize + (fixture.hasHash ? 32 : 0), file.fileBytes());
    CheckReport report = file.check();
    assertEquals(List.of(), report.findings());
    assertEquals(10, report.buckets());
    assertEquals(fixture.totalKeys, report.entries());
    if (fixture.hasHash) {
      file.verify();
    }
    assertStatus(fixture, file);
  }

  @ParameterizedTest
  @MethodSource("fixturesAndEngines")
  void fixtureToEngineToEtcdImage(Fixture fixture, String engine) {
    SnapshotFile source = inspect(fixture);
    ConvertResult there = convert(source, "store", engine);
    assertEquals(there.sourceHash(), there.targetHash());
    assertEquals(contentHash(source), there.targetHash());
    assertEquals("etcd", there.fromFormat());
    assertEquals(engine, there.toFormat());
    assertEquals(fixture.totalKeys, there.entries());

    SnapshotFile store = SnapshotFile.inspect(there.to());
    assertEquals(engine, store.format());
    assertFalse(store.hasHash());
    assertStatus(fixture, store);

    ConvertResult back = convert(store, "image.db", "etcd");
    assertEquals(there.sourceHash(), back.targetHash());
    assertStatus(fixture, SnapshotFile.inspect(back.to()));
    assertEquals(List.of(), SnapshotFile.inspect(back.to()).check().findings());
  }

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void theEtcdImageIsTheSameFromEveryEngine(Fixture fixture) throws IOException {
    SnapshotFile source = inspect(fixture);
    Set<String> images = new HashSet<>();
    for (String engine : ENGINES) {
      Path store = convert(source, engine, engine).to();
      try (Store open = Store.open(store, StoreConfig.existing())) {
        Path image = directory.resolve(engine + ".image");
        try (var snapshot = EtcdImages.of(open.openView())) {
          Snapshots.save(snapshot, image, SaveOptions.defaults());
        }
        images.add(SnapshotFile.inspect(image).sha256Hex().orElseThrow());
      }
    }
    try (var snapshot = EtcdImages.of(source.openView())) {
      SnapshotFile direct =
          Snapshots.save(snapshot, directory.resolve("direct"), SaveOptions.defaults());
      images.add(direct.sha256Hex().orElseThrow());
      assertEquals(Files.size(direct.path()), direct.imageSizeBytes() + 32);
    }
    assertEquals(1, images.size(), images::toString);
  }

  @ParameterizedTest
  @MethodSource("fixturesAndEngines")
  void aNativeImageIsVerifiedRecognisedAndRestored(Fixture fixture, String engine) {
    SnapshotFile source = inspect(fixture);
    Path store = convert(source, "store", engine).to();
    SnapshotFile saved;
    try (Store open = Store.open(store, StoreConfig.existing())) {
      saved = Snapshots.save(open, directory.resolve("native"));
      assertEquals(contentHash(source), open.hash());
    }
    assertTrue(saved.hasHash());
    assertEquals(engine, saved.format());
    saved.verify();
    assertEquals(List.of(), saved.check().findings());
    assertEquals(contentHash(source), contentHash(saved));
    for (String target : List.of("heap", "lmdb", "etcd")) {
      RestoreResult restored =
          Restore.restore(
              RestoreRequest.of(
                  saved, directory.resolve("to-" + target), StoreFormat.named(target)));
      assertEquals(contentHash(source), restored.restoredHash());
      assertStatus(fixture, SnapshotFile.inspect(restored.database()));
    }
  }

  @Test
  void anEtcdSnapshotToAnEtcdImageKeepsEveryByte() throws IOException {
    byte[] given = Fixture.RICH.bytes();
    Path image = convert(inspect(Fixture.RICH), "image.db", "bbolt").to();
    assertArrayEquals(Arrays.copyOf(given, given.length - 32), Files.readAllBytes(image));
    ConvertOptions withHash = ConvertOptions.defaults().withHashAppended();
    Path snapshot = directory.resolve("again.db");
    Convert.convert(inspect(Fixture.RICH), snapshot, StoreFormat.etcd(), withHash);
    assertArrayEquals(given, Files.readAllBytes(snapshot));
  }

  /** A bbolt store tells of its past; its image is that of its content, as on every engine. */
  @Test
  void aBboltStoreGivesTheImageOfItsContent() throws IOException {
    Path store = convert(inspect(Fixture.RICH), "store.db", "bbolt").to();
    Path other = convert(inspect(Fixture.RICH), "other", "lmdb").to();
    byte[] image =
        Files.readAllBytes(convert(SnapshotFile.inspect(store), "image.db", "etcd").to());
    Path same = convert(SnapshotFile.inspect(other), "same.db", "etcd").to();
    assertArrayEquals(Files.readAllBytes(same), image);
    assertTrue(image.length < Files.size(store));
  }

  @Test
  void onlyAnEtcdImageGetsAHash() {
    SnapshotFile source = inspect(Fixture.TINY);
    StorageException e =
        assertThrows(
            StorageException.class,
            () ->
                Convert.convert(
                    source,
                    directory.resolve("store"),
                    StoreFormat.named("lmdb"),
                    ConvertOptions.defaults().withHashAppended()));
    assertEquals(StorageException.Code.UNSUPPORTED, e.code());
  }

  @Test
  void sequencesAreRefusedUnlessDropped() throws IOException {
    SnapshotFile plain = inspect(Fixture.TINY);
    Path file = Files.write(directory.resolve("sequence.db"), withSequence(plain));
    SnapshotFile source = SnapshotFile.inspect(file);
    StorageException e =
        assertThrows(StorageException.class, () -> convert(source, "refused", "lmdb"));
    assertEquals(StorageException.Code.UNSUPPORTED, e.code());
    for (String format : List.of("lmdb", "etcd")) {
      ConvertResult dropped =
          Convert.convert(
              source,
              directory.resolve("dropped-" + format),
              StoreFormat.named(format),
              ConvertOptions.defaults().withSequencesDropped());
      assertEquals(contentHash(plain), dropped.targetHash());
      assertEquals(contentHash(plain), contentHash(SnapshotFile.inspect(dropped.to())));
    }
  }

  /** The image with sequence 7 in the header of its first bucket, without a hash. */
  private static byte[] withSequence(SnapshotFile tiny) throws IOException {
    int rootOffset = 3 * 4096;
    int element = rootOffset + 16;
    byte[] bytes = Arrays.copyOf(Files.readAllBytes(tiny.path()), (int) tiny.imageSizeBytes());
    ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(rootOffset, 4096 * page.getLong(32));
    int header = element + page.getInt(element + 4) + page.getInt(element + 8);
    page.putLong(header + 8, 7);
    return bytes;
  }
}
