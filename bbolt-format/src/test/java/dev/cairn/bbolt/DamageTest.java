package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.bbolt.Fixtures.Known;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are not what they should be. */
class DamageTest {
  @TempDir Path directory;

  static List<Known> files() {
    return Fixtures.all();
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileCutAtAnyPageIsCorrupt(Known known) {
    byte[] whole = Fixtures.bytes(known);
    long pages = known.newest().highWaterPages();
    int step = pages < 1_000 ? 1 : (int) (pages / 20);
    for (int page = 0; page < pages; page += step) {
      byte[] cut = Arrays.copyOf(whole, page * known.pageSizeBytes());
      assertCorrupt(cut);
      assertCorrupt(Arrays.copyOf(whole, cut.length + 17));
    }
    byte[] exact = Arrays.copyOf(whole, (int) pages * known.pageSizeBytes());
    try (BoltFile file = BytesDisk.open(exact)) {
      assertEquals(exact.length, file.imageSizeBytes());
      assertTrue(BoltChecker.check(file).sound());
    }
  }

  private static StorageException assertCorrupt(byte[] bytes) {
    BytesDisk disk = new BytesDisk(bytes);
    StorageException e = assertThrows(StorageException.class, disk::open);
    assertEquals(Code.CORRUPT, e.code());
    assertTrue(e.offsetBytes().isPresent());
    assertTrue(e.getMessage().startsWith(BytesDisk.PATH.toString()), e.getMessage());
    assertFalse(e.getMessage().contains("\n"));
    BoltReport report = BoltChecker.check(disk.disk(), BytesDisk.PATH, bytes.length);
    assertEquals(1, report.findings().size());
    return e;
  }

  @Test
  void bytesBehindTheAnnouncedSizeDoNotCount() {
    byte[] image = Images.of(new MemoryContent().view());
    byte[] longer = Arrays.copyOf(image, image.length + 32);
    BytesDisk disk = new BytesDisk(longer);
    try (BoltFile file = BoltFile.open(disk.disk(), BytesDisk.PATH, image.length)) {
      assertTrue(BoltChecker.check(file).sound());
    }
    StorageException e =
        assertThrows(
            StorageException.class,
            () -> BoltFile.open(disk.disk(), BytesDisk.PATH, longer.length + 1));
    assertEquals(Code.CORRUPT, e.code());
  }

  @Test
  void foreignFilesAreNamed() throws Exception {
    assertTrue(assertCorrupt(new byte[0]).getMessage().contains("is empty"));
    assertTrue(assertCorrupt(new byte[1]).getMessage().contains("not a bbolt file"));
    assertTrue(assertCorrupt(new byte[100_000]).getMessage().contains("not a bbolt file"));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(Images.of(new MemoryContent().view()));
    }
    assertTrue(assertCorrupt(packed.toByteArray()).getMessage().contains("decompress"));
    assertTrue(assertCorrupt(new byte[] {'P', 'K', 3, 4, 0}).getMessage().contains("decompress"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void bothMetasDamagedIsCorrupt() {
    byte[] image = Images.of(new MemoryContent().view());
    image[20]++;
    image[ImageRules.PAGE_SIZE_BYTES + 30]++;
    assertTrue(assertCorrupt(image).getMessage().contains("version 3"));
  }

  @Test
  void aMetaThatStandsWhereItSaysNoSecondOneStandsDoesNotCount() {
    byte[] image = new byte[100_000];
    byte[] other = Images.of(new MemoryContent().view());
    System.arraycopy(other, 0, image, 2 * ImageRules.PAGE_SIZE_BYTES, MetaPage.SIZE_BYTES);
    assertCorrupt(image);
  }

  /** As an older one would be taken for it, where bbolt goes by the newer. */
  @Test
  void aMetaWithARightChecksumAndAnUnusablePageSizeIsCorrupt() {
    for (int which = 0; which < 2; which++) {
      for (int size : new int[] {0, 17, 4098, 8192, 1 << 17, Integer.MIN_VALUE}) {
        byte[] image = Images.of(new MemoryContent().view());
        ByteBuffer page =
            ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).position(which * 4096);
        MetaPage.write(page, which, new BoltMeta(size, 2, 0, -1, 3, 9));
        assertCorrupt(image);
      }
    }
  }

  @Test
  void aMetaThatPointsOutsideTheFileIsCorrupt() {
    long[][] rootFreelistHighWater = {
      {3, -1, 3},
      {0, -1, 3},
      {1, -1, 3},
      {-1, -1, 3},
      {2, 3, 3},
      {2, 1, 3},
      {2, -1, 4},
      {2, -1, 2},
      {2, -1, 0},
      {2, -1, -1},
      {2, -1, 1L << 52}
    };
    for (long[] fields : rootFreelistHighWater) {
      byte[] image = Images.of(new MemoryContent().view());
      BoltMeta meta =
          new BoltMeta(ImageRules.PAGE_SIZE_BYTES, fields[0], 0, fields[1], fields[2], 9);
      MetaPage.write(ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN), 0, meta);
      assertCorrupt(image);
    }
  }

  @Test
  void anAbsentFileIsNotFound() {
    Path absent = directory.resolve("absent.db");
    StorageException e =
        assertThrows(StorageException.class, () -> BoltFile.open(LocalDisk.INSTANCE, absent, 4096));
    assertEquals(Code.NOT_FOUND, e.code());
  }

  @Test
  void recognizesBboltFilesOnly() {
    for (Known known : files()) {
      byte[] bytes = Fixtures.bytes(known);
      assertTrue(recognizes(bytes));
      bytes[16]++;
      assertTrue(recognizes(bytes), "the second meta is enough");
      bytes[known.pageSizeBytes() + 16]++;
      assertFalse(recognizes(bytes));
    }
    assertFalse(recognizes(new byte[0]));
    assertFalse(recognizes(new byte[5000]));
  }

  private static boolean recognizes(byte[] bytes) {
    return BoltFile.recognizes(new BytesDisk(bytes).openFile());
  }

  private static void toTheEnd(Cursor cursor) {
    while (cursor.next()) {
      cursor.value();
    }
  }

  @Test
  void whatNoViewCanShowIsUnsupportedAndNamed() {
    try (BoltFile file = BytesDisk.open(Fixtures.bytes(Fixtures.named("bolt-extra/nested.db")));
        ReadView view = file.openView()) {
      Cursor cursor = view.openCursor(view.buckets().get(0));
      StorageException e = assertThrows(StorageException.class, () -> toTheEnd(cursor));
      assertEquals(Code.UNSUPPORTED, e.code());
      assertTrue(e.getMessage().contains(" A/B "), e.getMessage());
      assertSame(e, assertThrows(StorageException.class, cursor::next), "no end, but the same");
      assertThrows(StorageException.class, () -> view.get(view.buckets().get(0), utf8("B")));
    }
    try (BoltFile file =
        BytesDisk.open(Fixtures.bytes(Fixtures.named("bolt-extra/pagesize-1024.db")))) {
      StorageException e = assertThrows(StorageException.class, file::openView);
      assertEquals(Code.UNSUPPORTED, e.code());
      assertTrue(e.getMessage().contains("pubinline has sequence 1"), e.getMessage());
      try (ReadView view = file.openView(true)) {
        assertEquals(3, view.buckets().size());
      }
    }
  }
}
