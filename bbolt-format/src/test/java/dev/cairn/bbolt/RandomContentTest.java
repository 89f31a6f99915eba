package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.BboltTool;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content to image to reader and back, by seed. */
class RandomContentTest {
  @TempDir Path directory;

  @Test
  void whatGoesInComesOut() {
    long seed = TestRun.seed(RandomContentTest.class);
    RandomContents contents = new RandomContents(seed);
    SplittableRandom random = new SplittableRandom(seed);
    int count = TestRun.count(100, 3_000);
    for (int i = 0; i < count; i++) {
      MemoryContent content = contents.next();
      byte[] image = Images.of(content.view());
      assertEquals(-1, Arrays.mismatch(image, NaiveImage.of(content)));
      try (BoltFile file = BytesDisk.open(image);
          ReadView view = file.openView()) {
        assertEquals(List.copyOf(content.buckets().keySet()), view.buckets());
        assertEquals(ContentHash.v1(content.view()), ContentHash.v1(view));
        assertEquals(List.of(), BoltChecker.check(file).findings());
        content.buckets().forEach((bucket, entries) -> lookUp(view, bucket, entries, random));
      }
    }
    TestRun.report("random contents", count);
  }

  private static void lookUp(
      ReadView view, Bucket bucket, NavigableMap<byte[], byte[]> entries, SplittableRandom random) {
    assertArrayEquals(entries.isEmpty() ? null : entries.lastKey(), view.lastKey(bucket));
    byte[][] keys = entries.keySet().toArray(byte[][]::new);
    try (Cursor cursor = view.openCursor(bucket)) {
      for (int i = 0; i < 20; i++) {
        byte[] key = keys.length == 0 ? new byte[3] : keys[random.nextInt(keys.length)].clone();
        if (random.nextBoolean()) {
          key[random.nextInt(key.length)] += (byte) random.nextInt(1, 256);
        }
        assertArrayEquals(entries.get(key), view.get(bucket, key));
        walk(cursor, entries.tailMap(key, true), cursor.seek(key), random.nextInt(5));
      }
      walk(cursor, entries, cursor.seek(new byte[0]), 3);
      assertNull(view.get(bucket, new byte[0]));
    }
  }

  private static void walk(
      Cursor cursor, NavigableMap<byte[], byte[]> expected, boolean found, int steps) {
    boolean on = found;
    for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
      assertTrue(on);
      assertEquals(ByteBuffer.wrap(entry.getKey()), cursor.key());
      assertEquals(ByteBuffer.wrap(entry.getValue()), cursor.value());
      if (--steps < 0) {
        return;
      }
      on = cursor.next();
    }
    assertTrue(!on && !cursor.next(), "behind the last entry");
  }

  @Test
  void bboltAcceptsSamples() {
    Optional<BboltTool> bbolt = BboltTool.find(directory);
    assumeTrue(bbolt.isPresent(), "no bbolt, nor Go with bbolt's sources");
    RandomContents contents = new RandomContents(TestRun.seed(RandomContentTest.class));
    int count = TestRun.count(10, 300);
    for (int i = 0; i < count; i++) {
      byte[] image = Images.of(contents.next().view());
      BboltTool.Outcome outcome =
          bbolt.get().check(Fixtures.write(directory.resolve("sample.db"), image));
      assertTrue(outcome.sound(), outcome.output());
    }
    TestRun.report("random images judged by bbolt", count);
  }
}
