package dev.cairn.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.CheckReport;
import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.Fixture;
import dev.cairn.snapshot.MapView;
import dev.cairn.snapshot.OneFileDisk;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damage under a hash that was made anew: every answer is a report or a typed refusal, and nearly
 * all that matters is found.
 */
@Timeout(600)
class DeepDamageTest {
  private static final long SEED = TestRun.seed(DeepDamageTest.class);
  private static final Path FILE = Path.of("/snapshot.db");
  private static final int HASH_BYTES = 32;
  private static final Set<Code> REFUSALS = EnumSet.of(Code.CORRUPT, Code.UNSUPPORTED);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private int found;
  private int refused;
  private int unused;
  private int unnoticed;

  private static byte[] image(MapView content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Snapshot image = EtcdImages.of(content)) {
      image.writeTo(Channels.newChannel(out));
    }
    return out.toByteArray();
  }

  private static byte[] hashed(byte[] image) {
    byte[] bytes = Arrays.copyOf(image, image.length + HASH_BYTES);
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(image);
      System.arraycopy(hash, 0, bytes, image.length, HASH_BYTES);
      return bytes;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void look(byte[] image, String rightHash) {
    OneFileDisk disk = new OneFileDisk(hashed(image));
    try {
      SnapshotFile file = SnapshotFile.inspect(disk, FILE);
      file.verify();
      CheckReport report = file.check();
      assertTrue(report.findings().size() <= 101 && report.notes().size() <= 101);
      report.findings().forEach(each -> assertEquals(1, each.lines().count(), each));
      report.notes().forEach(each -> assertEquals(1, each.lines().count(), each));
      count(report, file, rightHash);
    } catch (StorageException e) {
      assertTrue(REFUSALS.contains(e.code()), e.toString());
      refused++;
    }
    assertEquals(0, disk.openCount(), "files left open");
  }

  private void count(CheckReport report, SnapshotFile file, String rightHash) {
    if (!report.ok()) {
      found++;
      return;
    }
    try (ReadView view = file.openView(true)) {
      if (ContentHash.v1(view).equals(rightHash)) {
        unused++;
      } else {
        unnoticed++;
      }
    }
  }

  private void report(String what) {
    TestRun.report(what + " found", found);
    TestRun.report(what + " refused at once", refused);
    TestRun.report(what + " in bytes that hold nothing", unused);
    TestRun.report(what + " that made another right content", unnoticed);
  }

  private static String hashOf(byte[] image) {
    try (ReadView view = SnapshotFile.inspect(new OneFileDisk(hashed(image)), FILE).openView()) {
      return ContentHash.v1(view);
    }
  }

  @Test
  void everyByteOfASmallContentOfOurs() throws IOException {
    everyByte("flipped bytes of a small content", image(SmallContent.right()));
  }

  @Test
  void everyByteOfASmallSnapshotOfEtcds() {
    byte[] file = Fixture.TINY.bytes();
    everyByte("flipped bytes of an etcd snapshot", Arrays.copyOf(file, file.length - HASH_BYTES));
  }

  private void everyByte(String what, byte[] image) {
    String right = hashOf(image);
    byte[] damaged = image.clone();
    for (int at = 0; at < image.length; at++) {
      damaged[at] ^= (byte) random.nextInt(1, 256);
      look(damaged, right);
      damaged[at] = image[at];
    }
    assertEquals(image.length, found + refused + unused + unnoticed);
    assertTrue(found > 0);
    report(what);
  }

  @Test
  void randomDamageOfManyBytes() throws IOException {
    KeyHistories keys = new KeyHistories(random);
    for (int main = 2; main < 150; main++) {
      keys.change(main, 0, "key" + random.nextInt(30));
    }
    MapView content = keys.compacted(70);
    MapView rest = SmallContent.right();
    for (String bucket : new String[] {"alarm", "auth", "authRoles", "authUsers", "members"}) {
      rest.each(bucket, (key, value) -> content.put(bucket, key, value));
    }
    content.put("members_removed", "2b".getBytes(UTF_8), "removed".getBytes(UTF_8));
    byte[] image = image(content);
    String right = hashOf(image);
    int rounds = TestRun.count(100_000, 1_000_000);
    for (int i = 0; i < rounds; i++) {
      look(damaged(image), right);
    }
    assertTrue(found > rounds / 2, "found " + found);
    report("damages of many bytes");
  }

  /** Runs of other bytes, zeros, or bytes from elsewhere, mostly where the page has some. */
  private byte[] damaged(byte[] image) {
    byte[] bytes = image.clone();
    for (int places = random.nextInt(1, 5); places > 0; places--) {
      int length = random.nextInt(2, 20);
      int page = random.nextInt(image.length / 4096) * 4096;
      int at = Math.min(page + random.nextInt(1 << random.nextInt(4, 13)), image.length - length);
      switch (random.nextInt(3)) {
        case 0 -> Arrays.fill(bytes, at, at + length, (byte) 0);
        case 1 -> {
          int from = random.nextInt(image.length - length);
          System.arraycopy(image, from, bytes, at, length);
        }
        default -> {
          for (int i = at; i < at + length; i++) {
            bytes[i] = (byte) random.nextInt(256);
          }
        }
      }
    }
    return bytes;
  }
}
