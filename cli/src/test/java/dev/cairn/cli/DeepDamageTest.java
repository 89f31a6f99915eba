package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose hash is right and whose pages are not: somebody hashed damage. */
class DeepDamageTest {
  private static final int PAGE_BYTES = 4096;
  private static final int FLAGS_AT = 8;

  @TempDir Path directory;
  private Path bad;

  @BeforeEach
  void name() {
    bad = directory.resolve("bad.db");
  }

  /** The last page of an etcd image of ours is its root. */
  private byte[] imageWithBrokenRoot() throws IOException {
    Path store = directory.resolve("store.db");
    Path image = directory.resolve("image.db");
    Cli.run("load", "--db", store, "--keys", 200, "--value-bytes", 200).ok();
    Cli.run("snapshot", "save", image, "--db", store).ok();
    byte[] bytes = Files.readAllBytes(image);
    byte[] content = Arrays.copyOf(bytes, bytes.length - 32);
    content[content.length - PAGE_BYTES + FLAGS_AT] ^= 0x40;
    return content;
  }

  private void writeHashed(byte[] content) throws IOException {
    byte[] bytes = Arrays.copyOf(content, content.length + 32);
    System.arraycopy(sha256(content), 0, bytes, content.length, 32);
    Files.write(bad, bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void onlyDeepLooksAtThePages() throws IOException {
    writeHashed(imageWithBrokenRoot());
    Cli.run("snapshot", "verify", bad).ok();
    Cli.Result deep =
        Cli.run("snapshot", "verify", bad, "--deep").failed(3, "bad.db", "findings, the first");
    assertTrue(deep.out().lines().count() >= 1, "the findings are data: " + deep.out());
  }

  @Test
  void checkFindsTheSameInAStore() throws IOException {
    Files.write(bad, imageWithBrokenRoot());
    Cli.Result check = Cli.run("check", "--db", bad).failed(3, "bad.db", "findings");
    assertTrue(check.out().lines().count() >= 1, check.out());
  }

  /** Whatever is damaged, a command ends with one line, and never with a stack or a crash. */
  @Test
  void anyDamageIsOneLine() throws IOException {
    SplittableRandom random = new SplittableRandom(TestRun.seed(DeepDamageTest.class));
    byte[] good = Files.readAllBytes(Fixture.TINY.unpack(directory));
    int rounds = TestRun.count(60, 2_000);
    int noticed = 0;
    for (int i = 0; i < rounds; i++) {
      byte[] content = Arrays.copyOf(good, good.length - 32);
      for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
        content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
      }
      writeHashed(content);
      noticed += oneLine(Cli.run("snapshot", "verify", bad, "--deep"));
      oneLine(Cli.run("snapshot", "status", bad));
      oneLine(Cli.run("check", "--db", bad));
      oneLine(Cli.run("hash", "--db", bad));
    }
    TestRun.report("damaged etcd images looked at", rounds);
    TestRun.report("of them found wrong by verify --deep", noticed);
    assertTrue(noticed > 0, "none was noticed");
  }

  private static int oneLine(Cli.Result result) {
    if (result.exitCode() == 0) {
      result.ok();
      return 0;
    }
    assertTrue(result.exitCode() == 3 || result.exitCode() == 1, result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(!result.err().contains("not expected"), result.err());
    return 1;
  }
}
