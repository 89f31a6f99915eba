package dev.cairn.benchmarks.scenarios;

import java.util.List;

/**
 * How much is done.
 *
 * @param mebibytes the sizes that are saved and restored
 * @param rounds how often each subject has its turn
 * @param latencyMebibytes what the stores hold that are written to during a save
 * @param latencySeconds how long each phase of that is
 * @param bboltKeys in the files that are made by this engine and by Go's bbolt
 * @param bboltRounds how often both do so
 */
public record Plan(
    List<Integer> mebibytes,
    int rounds,
    int latencyMebibytes,
    int latencySeconds,
    int bboltKeys,
    int bboltRounds) {
  private static final int ONE_ROUND_MEBIBYTES = 1_024;

  /** How often each subject has its turn at a size: the largest take long and vary little. */
  int rounds(int size) {
    return size > ONE_ROUND_MEBIBYTES ? 1 : rounds;
  }

  /** A few minutes. */
  public static Plan brief() {
    return new Plan(List.of(128, 512), 1, 64, 3, 100_000, 2);
  }

  /** Up to the largest sizes. */
  public static Plan full() {
    return new Plan(List.of(256, 512, 4_096), 2, 256, 6, 1_000_000, 3);
  }
}
