package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.BboltContents.Verdict;
import dev.cairn.snapshot.DamagedRestore.Target;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A snapshot that etcd wrote, with each of its bytes changed and cut off at each length. As it is,
 * no such file is restored. Where the hash was made anew or is not asked for, a restore is refused,
 * or gives what bbolt itself reads from the damaged file.
 */
@Timeout(1_800)
class RestoreDamageFlipsTest {
  private static final long SEED = TestRun.seed(RestoreDamageFlipsTest.class);
  private static final int GATE_SAMPLE = 2_000;
  private static final int BATCH = 500;
  private static final Set<Code> DAMAGED = EnumSet.of(Code.HASH_MISMATCH, Code.CORRUPT);

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final byte[] whole = Fixture.TINY.bytes();
  private final byte[] image = Arrays.copyOf(whole, whole.length - Sha256.SIZE_BYTES);
  private final Map<Code, Integer> refusals = new EnumMap<>(Code.class);
  private final List<DamagedRestore> restored = new ArrayList<>();
  private BboltContents judge;
  private PlainContent right;
  private int restores;
  private int same;
  private int other;

  @BeforeEach
  void findJudge() {
    judge = BboltContents.in(directory);
    right = judge.contents(List.of(whole)).get(0).content();
    assertEquals(
        Fixture.TINY.totalKeys, right.buckets().values().stream().mapToInt(Map::size).sum());
  }

  /** All of them, or some; of the positions of bytes more among those that are not zero. */
  private List<Integer> chosen(int count, boolean positions) {
    if (TestRun.full()) {
      return IntStream.range(0, count).boxed().toList();
    }
    int[] telling = IntStream.range(0, count).filter(at -> whole[at] != 0).toArray();
    int half = positions ? GATE_SAMPLE / 2 : 0;
    List<Integer> chosen = new ArrayList<>();
    random.ints(half, 0, telling.length).forEach(at -> chosen.add(telling[at]));
    random.ints(GATE_SAMPLE - half, 0, count).forEach(chosen::add);
    return chosen;
  }

  /** Each of them, or one. */
  private List<Target> targets() {
    List<Target> all = List.of(Target.values());
    return TestRun.full() ? all : List.of(all.get(random.nextInt(all.size())));
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] damaged = bytes.clone();
    damaged[at] ^= (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : random.nextInt(1, 256));
    return damaged;
  }

  private void asItIs(String what, List<Integer> chosen, IntFunction<byte[]> damage) {
    for (int each : chosen) {
      for (Target target : targets()) {
        DamagedRestore restore = DamagedRestore.of(damage.apply(each), target, false);
        assertNotNull(restore.refusal(), what + " " + each);
        assertTrue(DAMAGED.contains(restore.refusal().code()), restore.refusal().toString());
        refusals.merge(restore.refusal().code(), 1, Integer::sum);
      }
    }
    report(what);
  }

  @Test
  void noFlippedByteIsRestored() {
    asItIs("flipped bytes", chosen(whole.length, true), at -> flipped(whole, at));
  }

  @Test
  void noCutFileIsRestored() {
    asItIs("lengths", chosen(whole.length, false), length -> Arrays.copyOf(whole, length));
  }

  @Test
  void flippedBytesUnderANewHash() {
    judged(
        "flipped bytes under a new hash",
        chosen(image.length, true),
        false,
        at -> DamagedRestore.hashed(flipped(image, at)));
  }

  @Test
  void cutFilesUnderANewHash() {
    judged(
        "lengths under a new hash",
        chosen(image.length, false),
        false,
        length -> DamagedRestore.hashed(Arrays.copyOf(whole, length)));
  }

  @Test
  void flippedBytesWithoutTheHash() {
    judged(
        "flipped bytes, the hash not asked for",
        chosen(whole.length, true),
        true,
        at -> flipped(whole, at));
  }

  @Test
  void cutFilesWithoutTheHash() {
    judged(
        "lengths, the hash not asked for",
        chosen(whole.length, false),
        true,
        length -> Arrays.copyOf(whole, length));
  }

  /** The type of the page of an empty bucket, which a member's restore drops. */
  @Test
  void damageOfWhatIsDroppedIsFound() {
    byte[] damaged = image.clone();
    assertEquals(2, damaged[13_419]);
    damaged[13_419] = 0;
    for (Target target : Target.values()) {
      DamagedRestore restore = DamagedRestore.of(DamagedRestore.hashed(damaged), target, false);
      assertNotNull(restore.refusal(), target + " was restored");
      assertEquals(Code.CORRUPT, restore.refusal().code());
    }
  }

  private void judged(
      String what, List<Integer> chosen, boolean withoutHashCheck, IntFunction<byte[]> damage) {
    for (int each : chosen) {
      byte[] file = damage.apply(each);
      for (Target target : targets()) {
        DamagedRestore restore = DamagedRestore.of(file, target, withoutHashCheck);
        restores++;
        if (restore.refusal() == null) {
          restored.add(restore);
        } else {
          refusals.merge(restore.refusal().code(), 1, Integer::sum);
        }
      }
      if (restored.size() >= BATCH) {
        judge();
      }
    }
    judge();
    int refused = refusals.values().stream().mapToInt(Integer::intValue).sum();
    assertEquals(restores, same + other + refused);
    report(what);
  }

  /** What is a bbolt file both before and after is read by the judge both times. */
  private void judge() {
    List<Verdict> sources = judge.contents(restored.stream().map(DamagedRestore::file).toList());
    List<DamagedRestore> images =
        restored.stream().filter(each -> each.target() != Target.HEAP).toList();
    List<Verdict> made = judge.contents(images.stream().map(DamagedRestore::database).toList());
    for (int i = 0; i < restored.size(); i++) {
      DamagedRestore restore = restored.get(i);
      Verdict source = sources.get(i);
      assertNotNull(
          source.content(),
          restore.difference(whole) + " restored, and not read: " + source.failure());
      int at = images.indexOf(restore);
      PlainContent content = at < 0 ? restore.content() : made.get(at).content();
      compare(source.content(), content, restore);
    }
    restored.clear();
  }

  private void compare(PlainContent source, PlainContent made, DamagedRestore restore) {
    assertEquals(restore.content(), made);
    switch (restore.target()) {
      case ETCD, HEAP -> assertEquals(source, made);
      case MEMBER -> MemberContent.check(source, made, restore.version());
      case MEMBER_BUMPED ->
          MemberContent.checkBumped(source, made, restore.version(), DamagedRestore.BUMP);
      default -> throw new AssertionError(restore.target());
    }
    if (source.equals(right)) {
      same++;
    } else {
      other++;
    }
  }

  private void report(String what) {
    String text = "restores of an etcd snapshot, " + what;
    refusals.forEach((code, count) -> TestRun.report(text + ": refused as " + code, count));
    if (same + other > 0) {
      TestRun.report(text + ": gave the undamaged content", same);
      TestRun.report(text + ": gave what bbolt reads", other);
    }
  }
}
