package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Damaged files by seed: the reader answers or throws one of three codes, the checker reports, and
 * both end after a number of steps that the file's length bounds.
 */
class FuzzTest {
  /** No file here has more than a few thousand elements, in a few dozen buckets. */
  private static final long STEPS_MAX = 2_000_000;

  private final Map<Code, Long> outcomes = new EnumMap<>(Code.class);
  private long sound;
  private long steps;

  @Test
  void damageIsReportedAndNothingElse() {
    long seed = TestRun.seed(FuzzTest.class);
    List<byte[]> files = files();
    int count = TestRun.count(200_000, 4_000_000);
    for (int i = 0; i < count; i++) {
      SplittableRandom random = new SplittableRandom(seed + i);
      byte[] bytes = new Mutation(random).of(files.get(random.nextInt(files.size())));
      try {
        look(bytes);
      } catch (RuntimeException | Error e) {
        fail("input " + i + " of seed " + Long.toHexString(seed), e);
      }
    }
    TestRun.report("damaged bbolt files", count);
    System.out.println("reader: " + sound + " read to the end, else " + outcomes);
    assertTrue(sound > 0 && outcomes.get(Code.CORRUPT) > count / 10, "the damage is of all kinds");
  }

  /** Small files of many shapes, as bbolt, etcd and our builder write them. */
  private static List<byte[]> files() {
    List<byte[]> files = new ArrayList<>();
    for (String name : List.of("etcd/tiny-snapshot.db", "bolt-extra/pagesize-512.db")) {
      files.add(Fixtures.bytes(Fixtures.named(name)));
    }
    RandomContents contents = new RandomContents(1);
    while (files.size() < 12) {
      byte[] image = Images.of(contents.next().view());
      if (image.length < 40_000) {
        files.add(image);
      }
    }
    files.add(NestedFile.bytes());
    return files;
  }

  private void look(byte[] bytes) {
    steps = 0;
    BytesDisk disk = new BytesDisk(bytes);
    BoltReport report = BoltChecker.check(disk.disk(), BytesDisk.PATH, bytes.length);
    assertTrue(report.findings().size() <= Findings.KEPT_MAX + 1);
    try (BoltFile file = disk.open()) {
      tolerating(() -> file.buckets().forEach(bucket -> step()));
      boolean[] whole = {false};
      tolerating(() -> whole[0] = readAll(file));
      sound += whole[0] ? 1 : 0;
    } catch (StorageException e) {
      count(e);
    }
    assertTrue(disk.reads() < STEPS_MAX, "reads");
  }

  private boolean readAll(BoltFile file) {
    try (ReadView view = file.openView(true)) {
      for (Bucket bucket : view.buckets()) {
        tolerating(() -> view.lastKey(bucket));
        try (Cursor cursor = view.openCursor(bucket)) {
          byte[] last = new byte[0];
          while (cursor.next()) {
            step();
            last = new byte[cursor.key().remaining()];
            cursor.key().get(last);
            cursor.value();
          }
          view.get(bucket, last);
          cursor.seek(last);
        }
      }
      return true;
    }
  }

  private void step() {
    assertTrue(++steps < STEPS_MAX, "steps");
  }

  private void tolerating(Runnable work) {
    try {
      work.run();
    } catch (StorageException e) {
      count(e);
    }
  }

  private void count(StorageException e) {
    boolean known =
        e.code() == Code.CORRUPT || e.code() == Code.UNSUPPORTED || e.code() == Code.LIMIT;
    assertTrue(known, e::getMessage);
    assertTrue(e.code() != Code.CORRUPT || e.offsetBytes().isPresent(), e::getMessage);
    outcomes.merge(e.code(), 1L, Long::sum);
  }

  /** What damage does to a file. */
  private static final class Mutation {
    private static final long[] TELLING = {
      0,
      1,
      2,
      3,
      4,
      16,
      0x7f,
      0x80,
      0xff,
      0x7fff,
      0xffff,
      0x10000,
      0x7fffffffL,
      0x80000000L,
      0xffffffffL,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      -1
    };

    private final SplittableRandom random;

    Mutation(SplittableRandom random) {
      this.random = random;
    }

    byte[] of(byte[] file) {
      byte[] bytes = file.clone();
      for (int left = 1 + random.nextInt(4); left > 0; left--) {
        switch (random.nextInt(8)) {
          case 0, 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          case 2 -> telling(bytes, random.nextInt(bytes.length / 2) * 2);
          case 3, 4, 5 -> structure(bytes);
          case 6 -> overwrite(bytes);
          default -> copy(bytes);
        }
      }
      if (random.nextInt(50) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      mendChecksum(bytes);
      return bytes;
    }

    private int pageSize(byte[] bytes) {
      int size = (int) little(bytes, 24, 4);
      return size >= 512 && size <= 65536 && bytes.length / size > 2 ? size : 4096;
    }

    /** A header, an element or a meta: what the reader steers by. */
    private void structure(byte[] bytes) {
      int size = pageSize(bytes);
      int page = random.nextInt(Math.max(1, bytes.length / size));
      int field = random.nextInt(random.nextInt(10) == 0 ? 20 : 6) * 16 + random.nextInt(8) * 2;
      int at = Math.min(page * size + field, bytes.length - 8);
      if (random.nextBoolean()) {
        telling(bytes, at);
      } else {
        put(bytes, at, random.nextInt(Math.max(1, bytes.length / size)), 4);
      }
    }

    private void telling(byte[] bytes, int at) {
      int length = 1 << random.nextInt(4);
      put(bytes, at, TELLING[random.nextInt(TELLING.length)], Math.min(length, bytes.length - at));
    }

    private void overwrite(byte[] bytes) {
      int size = pageSize(bytes);
      int from = random.nextInt(Math.max(1, bytes.length / size)) * size;
      for (int at = from; at < Math.min(from + size, bytes.length); at++) {
        bytes[at] = (byte) random.nextInt();
      }
    }

    /** One page over another, with the right number: circles and shared pages. */
    private void copy(byte[] bytes) {
      int size = pageSize(bytes);
      int pages = bytes.length / size;
      if (pages > 2) {
        int to = random.nextInt(2, pages);
        System.arraycopy(bytes, random.nextInt(2, pages) * size, bytes, to * size, size);
        put(bytes, to * size, to, 8);
      }
    }

    /** Mostly: else the checksum hides what would be behind it. */
    private void mendChecksum(byte[] bytes) {
      int size = pageSize(bytes);
      for (int at = 0; at <= size && random.nextInt(10) > 0; at += size) {
        if (bytes.length >= at + MetaPage.SIZE_BYTES) {
          var meta = ByteBuffer.wrap(bytes, at, MetaPage.SIZE_BYTES).slice();
          put(bytes, at + 72, MetaPage.checksum(meta), 8);
        }
      }
    }

    private static long little(byte[] bytes, int at, int length) {
      long value = 0;
      for (int i = length - 1; i >= 0; i--) {
        value = value << 8 | (at + i < bytes.length ? bytes[at + i] & 0xff : 0);
      }
      return value;
    }

    private static void put(byte[] bytes, int at, long value, int length) {
      for (int i = 0; i < length && at + i < bytes.length; i++) {
        bytes[at + i] = (byte) (value >>> (8 * i));
      }
    }
  }
}
