package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The rules of views and cursors: places, buffers, closing. */
class BoltViewTest {
  private static final Bucket BUCKET = Bucket.named("b");

  @TempDir Path directory;

  private static byte[] image(int entries) {
    MemoryContent content = new MemoryContent();
    for (int i = 0; i < entries; i++) {
      byte[] key = ByteBuffer.allocate(4).putInt(i).array();
      content.bucket(BUCKET).put(key, new byte[i % 300]);
    }
    return Images.of(content.view());
  }

  private static void assertCode(Code code, Executable call) {
    assertEquals(code, assertThrows(StorageException.class, call).code());
  }

  @Test
  void aClosedViewRefusesEveryCall() {
    try (BoltFile file = BytesDisk.open(image(100))) {
      ReadView view = file.openView();
      ReadView other = file.openView();
      Cursor cursor = view.openCursor(BUCKET);
      assertTrue(cursor.next());
      view.close();
      view.close();
      assertRefused(view, cursor);
      assertEquals(1, other.buckets().size());
      Cursor second = other.openCursor(BUCKET);
      second.close();
      assertCode(Code.CLOSED, second::next);
      assertEquals(4, other.lastKey(BUCKET).length);
      other.close();
    }
  }

  @Test
  void closingTheFileClosesItsViews() {
    BoltFile file = BytesDisk.open(image(100));
    ReadView view = file.openView();
    Cursor cursor = view.openCursor(BUCKET);
    assertTrue(cursor.next());
    file.close();
    file.close();
    assertRefused(view, cursor);
    assertCode(Code.CLOSED, file::openView);
    assertCode(Code.CLOSED, file::buckets);
    assertCode(Code.CLOSED, () -> BoltChecker.check(file));
  }

  private static void assertRefused(ReadView view, Cursor cursor) {
    assertCode(Code.CLOSED, view::buckets);
    assertCode(Code.CLOSED, () -> view.openCursor(BUCKET));
    assertCode(Code.CLOSED, () -> view.get(BUCKET, new byte[1]));
    assertCode(Code.CLOSED, () -> view.lastKey(BUCKET));
    assertCode(Code.CLOSED, cursor::next);
    assertCode(Code.CLOSED, () -> cursor.seek(new byte[1]));
    assertCode(Code.CLOSED, cursor::key);
    assertCode(Code.CLOSED, cursor::value);
    cursor.close();
  }

  @Test
  void aViewThatOwnsItsFileClosesIt() {
    Path path = Fixtures.write(directory.resolve("image.db"), image(3_000));
    ReadView view = BoltFile.openView(LocalDisk.INSTANCE, path, LocalDisk.INSTANCE.sizeBytes(path));
    Cursor cursor = view.openCursor(BUCKET);
    assertTrue(cursor.next());
    view.close();
    assertCode(Code.CLOSED, cursor::next);
  }

  @Test
  void closingFromAnotherThreadEndsAScan() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path path = Fixtures.write(directory.resolve("image.db"), image(5_000));
      BoltFile file = Fixtures.open(path);
      ReadView view = file.openView();
      CountDownLatch scanning = new CountDownLatch(1);
      Thread closer =
          new Thread(
              () -> {
                await(scanning);
                file.close();
              });
      closer.start();
      assertCode(Code.CLOSED, () -> scanForEver(view, scanning));
      closer.join();
    }
  }

  private static void scanForEver(ReadView view, CountDownLatch scanning) {
    while (true) {
      try (Cursor cursor = view.openCursor(BUCKET)) {
        while (cursor.next()) {
          cursor.value();
          scanning.countDown();
        }
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aCursorIsBeforeOnOrBehind() {
    try (BoltFile file = BytesDisk.open(image(2));
        ReadView view = file.openView();
        Cursor cursor = view.openCursor(BUCKET)) {
      assertThrows(IllegalStateException.class, cursor::key);
      assertTrue(cursor.next());
      assertEquals(0, cursor.key().getInt());
      assertTrue(cursor.next());
      assertFalse(cursor.next());
      assertFalse(cursor.next());
      assertThrows(IllegalStateException.class, cursor::value);
      assertTrue(cursor.seek(new byte[] {0, 0, 0, 1}));
      assertEquals(1, cursor.key().getInt());
      assertFalse(cursor.seek(new byte[] {1}));
      assertThrows(IllegalStateException.class, cursor::key);
    }
  }

  @Test
  void buffersAreReadOnlyFromZero() {
    try (BoltFile file = BytesDisk.open(image(400));
        ReadView view = file.openView();
        Cursor cursor = view.openCursor(BUCKET)) {
      while (cursor.next()) {
        ByteBuffer key = cursor.key();
        ByteBuffer value = cursor.value();
        assertTrue(key.isReadOnly() && value.isReadOnly());
        assertEquals(0, key.position());
        assertEquals(4, key.limit());
        assertEquals(0, value.position());
        assertEquals(key.getInt() % 300, value.limit());
      }
    }
  }

  @Test
  void anAbsentBucketIsNotFound() {
    try (BoltFile file = BytesDisk.open(image(2));
        ReadView view = file.openView()) {
      Bucket absent = Bucket.named("absent");
      assertCode(Code.NOT_FOUND, () -> view.openCursor(absent));
      assertCode(Code.NOT_FOUND, () -> view.get(absent, new byte[1]));
      assertCode(Code.NOT_FOUND, () -> view.lastKey(absent));
    }
  }

  /** Overflow pages are read only when their value is asked for. */
  @Test
  void aScanOfKeysReadsNoLargeValue() {
    MemoryContent content = new MemoryContent();
    for (int i = 0; i < 10; i++) {
      content.bucket(BUCKET).put(new byte[] {(byte) i}, new byte[1 << 20]);
    }
    byte[] image = Images.of(content.view());
    BytesDisk disk = new BytesDisk(image);
    try (BoltFile file = disk.open();
        ReadView view = file.openView();
        Cursor cursor = view.openCursor(BUCKET)) {
      while (cursor.next()) {
        assertEquals(1, cursor.key().remaining());
      }
      assertTrue(disk.readBytes() < 100_000, "bytes read: " + disk.readBytes());
      assertTrue(cursor.seek(new byte[] {5}));
      assertEquals(1 << 20, cursor.value().remaining());
      assertTrue(disk.readBytes() > 1 << 20);
    }
  }

  @Test
  void aScanReadsEachPageOnce() {
    byte[] image = image(20_000);
    BytesDisk disk = new BytesDisk(image);
    try (BoltFile file = disk.open();
        ReadView view = file.openView();
        Cursor cursor = view.openCursor(BUCKET)) {
      while (cursor.next()) {
        cursor.value();
      }
    }
    long bytesMax = image.length + image.length / 20 + ReadAhead.PIECE_BYTES;
    assertTrue(disk.readBytes() < bytesMax, disk.readBytes() + " of " + image.length);
  }

  @Test
  void theLastKeyIsFoundInOneDescent() {
    BytesDisk disk = new BytesDisk(image(20_000));
    try (BoltFile file = disk.open();
        ReadView view = file.openView()) {
      long before = disk.reads();
      assertEquals(19_999, ByteBuffer.wrap(view.lastKey(BUCKET)).getInt());
      assertTrue(disk.reads() - before <= 3);
    }
  }
}
