package dev.cairn.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing history smaller while it still fails, for a bounded number of tries and time. */
final class Shrinker {
  private static final int TRIES_MAX = 2_000;
  private static final int SECONDS_MAX = 60;

  private final Predicate<List<Step>> fails;
  private final long deadlineNanos = System.nanoTime() + SECONDS_MAX * 1_000_000_000L;
  private int triesLeft = TRIES_MAX;

  Shrinker(Predicate<List<Step>> fails) {
    this.fails = fails;
  }

  /** Shrinks until a whole pass takes out nothing more. */
  List<Step> shrink(List<Step> failing) {
    List<Step> best = failing;
    int before;
    do {
      before = operations(best);
      best = without(best, fails);
      for (int i = 0; i < best.size(); i++) {
        if (best.get(i) instanceof Step.Commit commit) {
          best = withFewerOps(best, i, commit);
        }
      }
    } while (operations(best) < before);
    return best;
  }

  private static int operations(List<Step> steps) {
    int count = steps.size();
    for (Step step : steps) {
      count += step instanceof Step.Commit commit ? commit.ops().size() : 0;
    }
    return count;
  }

  private List<Step> withFewerOps(List<Step> steps, int index, Step.Commit commit) {
    List<Op> fewest =
        without(commit.ops(), ops -> fails.test(replaced(steps, index, new Step.Commit(ops))));
    return replaced(steps, index, new Step.Commit(fewest));
  }

  private static List<Step> replaced(List<Step> steps, int index, Step step) {
    List<Step> changed = new ArrayList<>(steps);
    changed.set(index, step);
    return changed;
  }

  /** Takes out runs of elements, long ones first, wherever the rest still fails. */
  private <T> List<T> without(List<T> all, Predicate<List<T>> stillFails) {
    List<T> best = all;
    for (int run = Math.max(1, all.size() / 2); run > 0; run /= 2) {
      int at = 0;
      while (at < best.size() && triesLeft > 0 && System.nanoTime() < deadlineNanos) {
        List<T> fewer = new ArrayList<>(best.subList(0, at));
        fewer.addAll(best.subList(Math.min(at + run, best.size()), best.size()));
        triesLeft--;
        if (stillFails.test(fewer)) {
          best = fewer;
        } else {
          at += run;
        }
      }
    }
    return best;
  }
}
