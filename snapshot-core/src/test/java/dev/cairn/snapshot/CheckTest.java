package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A deep check of damaged files says what it found; it never ends in anything but an answer. */
class CheckTest {
  private static final long SEED = TestRun.seed(CheckTest.class);
  private static final Set<Code> REFUSALS = EnumSet.of(Code.CORRUPT, Code.UNSUPPORTED);

  private final SplittableRandom random = new SplittableRandom(SEED);

  @TempDir Path directory;

  /** What damage was met with. */
  private enum Answer {
    NOTHING_FOUND,
    FOUND,
    REFUSED
  }

  static Stream<Arguments> files() throws IOException {
    byte[] rich = Fixture.RICH.bytes();
    return Stream.of(
        Arguments.of("tiny", Fixture.TINY.bytes()),
        Arguments.of("rich", rich),
        Arguments.of("rich without a hash", Arrays.copyOf(rich, rich.length - 32)),
        Arguments.of("lmdb", LmdbFiles.snapshotFile()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void damageIsAnswered(String name, byte[] good) throws IOException {
    Path file = directory.resolve("file");
    int[] answers = new int[Answer.values().length];
    int rounds = TestRun.count(60, 2_000);
    for (int i = 0; i < rounds; i++) {
      Files.write(file, damaged(good));
      answers[answer(file).ordinal()]++;
    }
    assertTrue(answers[Answer.FOUND.ordinal()] + answers[Answer.REFUSED.ordinal()] > 0);
    TestRun.report("damaged files checked, " + name, rounds);
  }

  /** Some bytes near a page's start are other ones, so that headers are hit often. */
  private byte[] damaged(byte[] good) {
    byte[] bytes = good.clone();
    for (int i = 0; i <= random.nextInt(4); i++) {
      int page = random.nextInt(good.length / 4096) * 4096;
      bytes[page + random.nextInt(1 << random.nextInt(1, 13))] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static Answer answer(Path file) {
    try {
      CheckReport report = SnapshotFile.inspect(file).check();
      report.findings().forEach(each -> assertEquals(1, each.lines().count(), each));
      return report.ok() ? Answer.NOTHING_FOUND : Answer.FOUND;
    } catch (StorageException e) {
      assertTrue(REFUSALS.contains(e.code()), e.toString());
      return Answer.REFUSED;
    }
  }

  @Test
  void keysOutOfOrderAreFound() {
    MapView view = new MapView((a, b) -> Arrays.compareUnsigned(b, a));
    view.put("a", "k1", "").put("a", "k2", "").put("a", "k3", "v").put("b", "k", "v");
    CheckReport report = FullRead.of(() -> view);
    assertEquals(
        List.of(
            "bucket a, key \"k2\": is out of order behind \"k3\"",
            "bucket a, key \"k1\": is out of order behind \"k2\""),
        report.findings());
    assertEquals(
        List.of("the content is not etcd's; only the order of its keys was checked"),
        report.notes());
    assertEquals(4, report.entries());
    assertEquals(2, report.buckets());
    assertTrue(view.isClosed());
  }

  @Test
  void whatCannotBeReadIsAFinding() {
    StorageException corrupt = StorageException.of(Code.CORRUPT, "page 7 is torn");
    CheckReport report =
        FullRead.of(
            () -> {
              throw corrupt;
            });
    assertEquals(List.of("page 7 is torn"), report.findings());
  }
}
