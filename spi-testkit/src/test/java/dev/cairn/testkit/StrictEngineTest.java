package dev.cairn.testkit;

import static dev.cairn.testkit.Data.USERS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StrictEngineTest {
  private static final Path STORE = Path.of("/db");

  private final StrictEngine engine = new StrictEngine(new HeapEngine(new SimulatedDisk(1)));

  private Backend open() {
    Backend backend = engine.open(STORE, BackendConfig.defaults());
    backend.commit(Data.fill(USERS, 10, 50, 1));
    return backend;
  }

  private static void assertNamesThisTest(AssertionError leak, String what) {
    assertTrue(leak.getMessage().contains(what), leak::getMessage);
    boolean named =
        Arrays.stream(leak.getCause().getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(StrictEngineTest.class.getName()));
    assertTrue(named, "the cause is not the stack that opened it");
  }

  @Test
  void tidyUsePasses() throws IOException {
    try (Backend backend = open()) {
      try (ReadView view = backend.openView();
          Cursor cursor = view.openCursor(USERS)) {
        assertTrue(cursor.next());
      }
      try (Snapshot snapshot = backend.snapshot()) {
        Sinks.Memory image = new Sinks.Memory();
        snapshot.writeTo(image);
        assertEquals(snapshot.size(), image.toByteArray().length);
      }
    }
    engine.assertNothingOpen();
  }

  @Test
  void aLeakedViewFailsTheClose() {
    Backend backend = open();
    backend.openView();
    assertNamesThisTest(assertThrows(AssertionError.class, backend::close), "view");
    backend.close();
    engine.assertNothingOpen();
  }

  @Test
  void aLeakedSnapshotFailsTheClose() {
    Backend backend = open();
    backend.snapshot();
    assertNamesThisTest(assertThrows(AssertionError.class, backend::close), "snapshot");
  }

  @Test
  void aLeakedBackendFailsTheCheck() {
    open();
    assertNamesThisTest(assertThrows(AssertionError.class, engine::assertNothingOpen), "backend");
  }

  @Test
  void aLeakedCursorFailsTheCheckUntilItsViewIsClosed() {
    Backend backend = open();
    ReadView view = backend.openView();
    view.openCursor(USERS);
    assertThrows(AssertionError.class, engine::assertNothingOpen);
    view.close();
    backend.close();
    engine.assertNothingOpen();
  }

  @Test
  void buffersDieAtTheNextMove() {
    try (Backend backend = open();
        ReadView view = backend.openView()) {
      Cursor cursor = view.openCursor(USERS);
      assertTrue(cursor.next());
      ByteBuffer key = cursor.key();
      ByteBuffer value = cursor.value();
      assertArrayEquals(Data.key(0), Model.copy(key.duplicate()));
      assertArrayEquals(Data.random(50, 1), Model.copy(value.duplicate()));
      assertTrue(cursor.next());
      assertArrayEquals(Data.filled(10, StrictCursor.SCRAMBLE), Model.copy(key));
      assertArrayEquals(Data.filled(50, StrictCursor.SCRAMBLE), Model.copy(value));
      ByteBuffer second = cursor.key();
      cursor.close();
      assertArrayEquals(Data.filled(10, StrictCursor.SCRAMBLE), Model.copy(second));
    }
  }

  @Test
  void chunksDieWithTheWrite() throws IOException {
    List<ByteBuffer> kept = new ArrayList<>();
    try (Backend backend = open();
        Snapshot snapshot = backend.snapshot()) {
      snapshot.writeTo(Sinks.of(chunk -> kept.add(chunk)));
    }
    byte[] chunk = Model.copy(kept.get(0));
    assertArrayEquals(Data.filled(chunk.length, StrictCursor.SCRAMBLE), chunk);
  }

  @Test
  void aSinkThatTakesAPartIsCaught() {
    try (Backend backend = open();
        Snapshot snapshot = backend.snapshot()) {
      HalfSink sink = new HalfSink();
      assertThrows(AssertionError.class, () -> snapshot.writeTo(sink));
    }
  }

  private static final class HalfSink implements java.nio.channels.WritableByteChannel {
    @Override
    public int write(ByteBuffer from) {
      int count = from.remaining() / 2;
      from.position(from.position() + count);
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void twoThreadsAtOnceAreCaught() throws InterruptedException {
    Turn turn = new Turn("a view");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch caught = new CountDownLatch(1);
    CompletableFuture<Void> other =
        Tasks.start(
            "other",
            () ->
                turn.take(
                    () -> {
                      inside.countDown();
                      awaitQuietly(caught);
                      return null;
                    }));
    inside.await();
    AssertionError error = assertThrows(AssertionError.class, () -> turn.take(() -> null));
    assertTrue(error.getMessage().contains("other"), error::getMessage);
    caught.countDown();
    Tasks.join(other);
    assertEquals("mine again", turn.take(() -> "mine again"));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aViewOfAnImageIsWatchedToo() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(2);
    StrictEngine strict = new StrictEngine(new HeapEngine(disk));
    Path image = Path.of("/image");
    long size;
    try (Backend backend = strict.open(STORE, BackendConfig.defaults());
        Snapshot snapshot = backend.snapshot();
        var file = disk.open(image, dev.cairn.io.Disk.Mode.CREATE_NEW)) {
      size = snapshot.size();
      snapshot.writeTo(DiskChannel.at(file, 0));
    }
    ReadView view = strict.openImage(image, size);
    assertNamesThisTest(assertThrows(AssertionError.class, strict::assertNothingOpen), "image");
    view.close();
    strict.assertNothingOpen();
  }
}
