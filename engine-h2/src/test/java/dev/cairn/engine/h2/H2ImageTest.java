package dev.cairn.engine.h2;

import static dev.cairn.engine.h2.Stores.CONFIG;
import static dev.cairn.engine.h2.Stores.ENGINE;
import static dev.cairn.engine.h2.Stores.READ_ONLY;
import static dev.cairn.engine.h2.Stores.USERS;
import static dev.cairn.engine.h2.Stores.hash;
import static dev.cairn.engine.h2.Stores.imageHash;
import static dev.cairn.engine.h2.Stores.install;
import static dev.cairn.engine.h2.Stores.puts;
import static dev.cairn.engine.h2.Stores.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Snapshot;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images out of stores that move pages, use space again, and lose buckets meanwhile. */
class H2ImageTest {
  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));

  private void work(Backend backend, int commits) {
    Bucket passing = Bucket.named("passing");
    for (int i = 0; i < commits; i++) {
      backend.commit(puts(random, USERS, 1 + random.nextInt(30), 600));
      if (i % 7 == 3) {
        backend.commit(puts(random, passing, 50, 300));
      } else if (i % 7 == 6) {
        backend.commit(Batch.builder().deleteBucket(passing).build());
      }
    }
  }

  @Test
  void imagesAreWrittenToAndReopenedManyTimes() throws IOException {
    int images = TestRun.count(10, 100);
    try (Backend source =
        ENGINE.open(directory.resolve("db"), CONFIG.withOption("h2.slackBytes", "1"))) {
      for (int i = 0; i < images; i++) {
        work(source, 15);
        byte[] image = Stores.image(source);
        Path file = Files.write(directory.resolve("image" + i), image);
        assertEquals(hash(source), imageHash(file));
        assertArrayEquals(image, read(file));
        Path store = directory.resolve("store" + i);
        install(image, store);
        assertEquals(hash(source), reopened(store, 4));
      }
    }
    TestRun.report("h2 images written to, closed and killed four times", images);
  }

  /** Opens, writes, and leaves it both closed and as a kill would: by a copy of the open file. */
  private String reopened(Path store, int times) throws IOException {
    String first = null;
    for (int i = 0; i < times; i++) {
      String before;
      Path killed = store.resolveSibling(store.getFileName() + "-killed");
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        before = hash(backend);
        first = first == null ? before : first;
        work(backend, 5);
        before = hash(backend);
        Files.write(killed, read(store));
      }
      for (Path left : new Path[] {store, killed}) {
        try (Backend backend = ENGINE.open(left, READ_ONLY)) {
          assertEquals(before, hash(backend));
        }
      }
      Files.move(killed, store, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    return first;
  }

  /** Commits go on between any two chunks; nothing that the image shows changes for it. */
  @Test
  void twoImagesOfOneInstantAreEqual() throws IOException {
    try (Backend backend =
        ENGINE.open(directory.resolve("db"), CONFIG.withOption("h2.slackBytes", "1"))) {
      work(backend, 60);
      try (Snapshot early = backend.snapshot();
          Snapshot late = backend.snapshot()) {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        early.writeTo(Channels.newChannel(first));
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        late.writeTo(working(backend, Channels.newChannel(second)));
        assertArrayEquals(first.toByteArray(), second.toByteArray());
      }
      work(backend, 60);
    }
  }

  private WritableByteChannel working(Backend backend, WritableByteChannel out) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer from) throws IOException {
        work(backend, 10);
        return out.write(from);
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void nothingIsMovedWhileASnapshotIsOpen() throws IOException {
    try (Backend backend =
        ENGINE.open(directory.resolve("db"), CONFIG.withOption("h2.slackBytes", "1"))) {
      work(backend, 40);
      Path file = directory.resolve("db");
      byte[] before;
      long sizeBytes;
      try (Snapshot snapshot = backend.snapshot()) {
        sizeBytes = snapshot.size();
        before = read(file);
        work(backend, 60);
        byte[] after = read(file);
        assertTrue(after.length > before.length);
        for (int at = FileHeader.BYTES; at < sizeBytes; at++) {
          assertEquals(before[at], after[at]);
        }
      }
    }
  }

  @Test
  void noThreadIsLeftBehind() throws InterruptedException {
    int before = Thread.getAllStackTraces().size();
    for (int i = 0; i < 20; i++) {
      try (Backend backend = ENGINE.open(directory.resolve("db" + i), CONFIG)) {
        backend.commit(puts(random, USERS, 10, 100));
      }
    }
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(t -> t.getName().contains("MVStore")));
    assertTrue(Thread.getAllStackTraces().size() <= before + 1);
  }
}
