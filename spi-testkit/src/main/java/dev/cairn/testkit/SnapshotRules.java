package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.OTHER;
import static dev.cairn.testkit.Data.USERS;
import static dev.cairn.testkit.Data.key;
import static dev.cairn.testkit.Data.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A snapshot: of one instant, of a known size, streamed while commits go on. */
interface SnapshotRules extends ContractCase {
  /** More than an engine hands over at once. */
  int LARGE_BYTES = 12 << 20;

  /** What may still arrive after a close that came between two chunks. */
  int ONE_CHUNK_BYTES_MAX = 2 << 20;

  private Backend large() {
    Backend backend = bench().open();
    backend.commit(Data.fill(USERS, 120, LARGE_BYTES / 120, 1));
    backend.commit(Data.fill(OTHER, 1_000, 20, 2));
    return backend;
  }

  private void assertImageIs(Model expected, Path image) {
    byte[] before = Bench.read(image);
    try (ReadView view = bench().openImage(image)) {
      assertSame(expected, Model.of(view));
    }
    assertTrue(Arrays.equals(before, Bench.read(image)), "reading changed the image");
  }

  @Test
  default void theSizeIsExactAndAMultipleOf512() throws IOException {
    Backend backend = bench().open();
    List<Batch> steps =
        List.of(
            Batch.builder().build(),
            Batch.builder().createBucket(USERS).build(),
            Data.put(USERS, "k", "v"),
            Data.fill(USERS, 1, 8 << 20, 1),
            Data.fill(OTHER, 2_000, 100, 2),
            Batch.builder().deleteBucket(USERS).build(),
            Batch.builder().deleteBucket(OTHER).build());
    for (int i = 0; i < steps.size(); i++) {
      backend.commit(steps.get(i));
      try (Snapshot snapshot = backend.snapshot()) {
        long size = snapshot.size();
        assertTrue(size > 0 && size % 512 == 0, "size " + size);
        Sinks.Memory bytes = new Sinks.Memory();
        snapshot.writeTo(bytes);
        assertEquals(size, bytes.toByteArray().length);
        assertImageIs(content(backend), bench().write("image" + i, bytes.toByteArray()));
      }
    }
  }

  @Test
  default void theImageHasTheContentHashOfTheStore() throws IOException {
    Backend backend = large();
    Path image = bench().image(backend, "image");
    try (ReadView view = backend.openView();
        ReadView ofImage = bench().openImage(image)) {
      assertEquals(ContentHash.v1(view), ContentHash.v1(ofImage));
    }
  }

  @Test
  default void writeToRunsOnce() throws IOException {
    try (Snapshot snapshot = large().snapshot()) {
      snapshot.writeTo(new Sinks.Memory());
      assertThrows(IllegalStateException.class, () -> snapshot.writeTo(new Sinks.Memory()));
    }
  }

  @Test
  default void theImageIsOfTheInstantOfTheSnapshot() throws IOException {
    Backend backend = large();
    Model expected = content(backend);
    Snapshot snapshot = bench().closeAtEnd(backend.snapshot());
    backend.commit(Data.fill(USERS, 200, 5_000, 7));
    backend.commit(Batch.builder().deleteBucket(OTHER).build());
    Sinks.Memory bytes = new Sinks.Memory();
    snapshot.writeTo(bytes);
    assertImageIs(expected, bench().write("image", bytes.toByteArray()));
  }

  /** The sink does not go on before commits of another thread have returned. */
  @Test
  default void commitsGoOnWhileASinkIsSlow() throws IOException {
    Backend backend = large();
    Model expected = content(backend);
    Snapshot snapshot = bench().closeAtEnd(backend.snapshot());
    Sinks.Memory bytes = new Sinks.Memory();
    AtomicLong commits = new AtomicLong();
    snapshot.writeTo(
        Sinks.of(
            chunk -> {
              bytes.write(chunk);
              inNewThread(
                  () -> {
                    long number = commits.incrementAndGet();
                    backend.commit(Data.fill(USERS, 30, 30_000, number * 100));
                    backend.commit(Data.put(OTHER, "n", "" + number));
                  });
            }));
    assertTrue(commits.get() > 1, "the image came in one chunk");
    assertImageIs(expected, bench().write("image", bytes.toByteArray()));
    try (ReadView view = backend.openView()) {
      assertEquals(
          "" + commits.get(), new String(view.get(OTHER, utf8("n")), StandardCharsets.UTF_8));
    }
  }

  private static void inNewThread(Executable task) throws IOException {
    try {
      Tasks.inNewThread(task);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  default void snapshotsOverlap() throws IOException {
    Backend backend = large();
    List<Snapshot> snapshots = new ArrayList<>();
    List<Model> models = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      backend.commit(Data.fill(OTHER, 300, 50 + i, i));
      snapshots.add(bench().closeAtEnd(backend.snapshot()));
      models.add(content(backend));
    }
    for (int i = 4; i >= 0; i--) {
      Sinks.Memory bytes = new Sinks.Memory();
      snapshots.get(i).writeTo(bytes);
      snapshots.get(i).close();
      backend.commit(Data.fill(USERS, 50, 3_000, i));
      assertImageIs(models.get(i), bench().write("image" + i, bytes.toByteArray()));
    }
  }

  @Test
  default void whatLiesBehindTheImageIsNotLookedAt() throws IOException {
    Backend backend = large();
    Path image = bench().image(backend, "image");
    long size = LocalDisk.INSTANCE.sizeBytes(image);
    try (DiskFile file = LocalDisk.INSTANCE.open(image, Disk.Mode.READ_WRITE)) {
      file.write(size, ByteBuffer.wrap(Data.random(32, 5)));
    }
    try (ReadView view = bench().engine().openImage(image, size)) {
      assertSame(content(backend), Model.of(view));
    }
  }

  @Test
  default void aViewOfAnImageEndsWithItsClose() throws IOException {
    Path image = bench().image(large(), "image");
    ReadView view = bench().openImage(image);
    var cursor = view.openCursor(OTHER);
    assertTrue(cursor.next());
    view.close();
    view.close();
    assertCode(cursor::next, Code.CLOSED);
    assertCode(view::buckets, Code.CLOSED);
    assertCode(() -> view.get(OTHER, key(1)), Code.CLOSED);
  }

  @Test
  default void anImageIsOpenSeveralTimesAtOnce() throws IOException {
    Backend backend = large();
    Path image = bench().image(backend, "image");
    ReadView first = bench().openImage(image);
    ReadView second = bench().openImage(image);
    assertSame(Model.of(first), Model.of(second));
    second.close();
    assertSame(content(backend), Model.of(first));
  }

  @Test
  default void aTruncatedImageIsCorrupt() throws IOException {
    byte[] whole = Bench.read(bench().image(large(), "image"));
    for (int cut : Junk.cuts(whole.length)) {
      Path file = bench().write("cut-" + cut, Arrays.copyOf(whole, cut));
      assertCode(() -> bench().openImage(file), Code.CORRUPT, Code.UNSUPPORTED);
      assertCode(
          () -> bench().engine().openImage(file, whole.length), Code.CORRUPT, Code.UNSUPPORTED);
    }
  }

  @Test
  default void whatTheSinkThrowsPassesUnchanged() throws IOException {
    Backend backend = large();
    for (int failing = 0; failing < 3; failing++) {
      IOException thrown = new IOException("no more, at chunk " + failing);
      int[] left = {failing};
      Snapshot snapshot = bench().closeAtEnd(backend.snapshot());
      WritableByteChannel sink =
          Sinks.of(
              chunk -> {
                if (left[0]-- == 0) {
                  throw thrown;
                }
              });
      IOException passed = assertThrows(IOException.class, () -> snapshot.writeTo(sink));
      assertTrue(thrown == passed, passed::toString);
      snapshot.close();
      backend.commit(Data.put(USERS, "after", "" + failing));
    }
    assertEquals(0, backend.stats().pinsOpen());
  }

  /** Closes something between two chunks, and expects the stream to break off at once. */
  private void assertBreaksOff(Snapshot snapshot, Executable close) {
    long[] before = {0};
    long[] after = {0};
    boolean[] closed = {false};
    WritableByteChannel sink =
        Sinks.of(
            chunk -> {
              (closed[0] ? after : before)[0] += chunk.remaining();
              if (!closed[0]) {
                closed[0] = true;
                inNewThread(close);
              }
            });
    StorageException thrown = assertThrows(StorageException.class, () -> snapshot.writeTo(sink));
    assertEquals(Code.CLOSED, thrown.code());
    assertTrue(before[0] > 0 && after[0] <= ONE_CHUNK_BYTES_MAX, after[0] + " bytes after it");
  }

  @Test
  default void closingASnapshotBreaksItsStreamOff() {
    Backend backend = large();
    Snapshot snapshot = backend.snapshot();
    assertBreaksOff(snapshot, snapshot::close);
    assertEquals(0, backend.stats().pinsOpen());
    backend.commit(Data.put(USERS, "still", "usable"));
  }

  @Test
  default void closingTheBackendBreaksTheStreamOff() throws InterruptedException {
    Backend backend = large();
    Snapshot snapshot = bench().closeAtEnd(backend.snapshot());
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    assertBreaksOff(
        snapshot,
        () -> {
          closing.add(Tasks.start("close", backend::close));
          awaitClosed(backend);
        });
    Tasks.join(closing.get(0));
    bench().open().commit(Data.put(USERS, "after", "reopen"));
  }

  /** A close may wait for the stream, but not before it refuses new work. */
  private static void awaitClosed(Backend backend) {
    while (true) {
      try {
        backend.openView().close();
      } catch (StorageException e) {
        assertEquals(Code.CLOSED, e.code());
        return;
      }
    }
  }

  @Test
  default void anotherThreadWritesTheImage() throws Exception {
    Backend backend = large();
    Snapshot snapshot = bench().closeAtEnd(backend.snapshot());
    Sinks.Memory bytes = new Sinks.Memory();
    Tasks.inNewThread(() -> snapshot.writeTo(bytes));
    assertImageIs(content(backend), bench().write("image", bytes.toByteArray()));
  }
}
