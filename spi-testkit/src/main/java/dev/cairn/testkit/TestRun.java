package dev.cairn.testkit;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How large and with which seed the tests of this JVM run: {@code -Dcairn.size=gate|full} and
 * {@code -Dcairn.seed=HEX}. The same tests run in both sizes; only the counts differ.
 */
public final class TestRun {
  private TestRun() {}

  /**
   * Whether this is a full run.
   *
   * @return true with {@code -Dcairn.size=full}
   */
  public static boolean full() {
    return "full".equals(System.getProperty("cairn.size", "gate"));
  }

  /**
   * A count that depends on the size.
   *
   * @param gate how many at every gate
   * @param full how many in a full run
   * @return the one of this run
   */
  public static int count(int gate, int full) {
    return full() ? full : gate;
  }

  /**
   * The seed of a test: the one given, or a new one. Prints it with the command that replays it.
   *
   * @param test the test class
   * @return the seed
   */
  public static long seed(Class<?> test) {
    String given = System.getProperty("cairn.seed", "");
    long seed =
        given.isEmpty() ? new SplittableRandom().nextLong() : Long.parseUnsignedLong(given, 16);
    System.out.printf(
        Locale.ROOT,
        "seed %s %016x; replay: mvn verify -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dcairn.size=%s -Dcairn.seed=%016x%n",
        test.getSimpleName(),
        seed,
        test.getSimpleName(),
        full() ? "full" : "gate",
        seed);
    return seed;
  }

  /**
   * Prints how much of something was done.
   *
   * @param what a name, such as {@code lmdb kill cycles}
   * @param done how many
   */
  public static void report(String what, long done) {
    System.out.printf(Locale.ROOT, "count %s: %,d (%s)%n", what, done, full() ? "full" : "gate");
  }
}
