package dev.cairn.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.TestRun;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * One thread appends, over conflicting tails too, one compacts and makes snapshots, two take
 * entries and look at them again long afterwards.
 */
class MemoryStorageStressTest {
  private static final long SEED = TestRun.seed(MemoryStorageStressTest.class);
  private static final int KEPT_MAX = 200;

  /** Entries and what they were when they were taken. */
  private record Taken(List<Entry> entries, List<Entry> copy) {}

  private final MemoryStorage log = new MemoryStorage();
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicLong slices = new AtomicLong();

  private void appendAll(int rounds) {
    SplittableRandom random = new SplittableRandom(SEED);
    long term = 1;
    for (int i = 0; i < rounds; i++) {
      long last = log.lastIndex();
      long from = last + 1;
      if (random.nextInt(4) == 0) {
        term++;
        from = Math.max(1, last - random.nextInt(20));
      }
      List<Entry> added = new ArrayList<>();
      for (int n = random.nextInt(10); n >= 0; n--) {
        added.add(Logs.entry(from + added.size(), term, random.nextInt(40)));
      }
      log.append(added);
    }
  }

  /** Stays behind the tails that may be replaced, as a host stays behind its commit. */
  private void compactOn() {
    ConfState confState = ConfState.of(List.of(1L));
    while (!done.get()) {
      long to = log.lastIndex() - 100;
      if (to >= log.firstIndex() && to > log.snapshot().index()) {
        log.createSnapshot(to, confState, new byte[0]);
        log.compact(to);
      }
    }
  }

  private void readOn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Taken> kept = new ArrayList<>();
    while (!done.get()) {
      List<Entry> entries = take(random);
      checkConsecutive(entries);
      Taken now = new Taken(entries, List.copyOf(entries));
      if (kept.size() < KEPT_MAX) {
        kept.add(now);
      } else {
        Taken old = kept.set(random.nextInt(KEPT_MAX), now);
        assertEquals(old.copy(), old.entries());
      }
      slices.incrementAndGet();
    }
    kept.forEach(each -> assertEquals(each.copy(), each.entries()));
  }

  private List<Entry> take(SplittableRandom random) {
    try {
      long first = log.firstIndex();
      long last = log.lastIndex();
      long lo = last < first ? first : first + random.nextLong(last - first + 1);
      return log.entries(lo, Math.min(last + 1, lo + random.nextInt(50)), random.nextInt(2000));
    } catch (RaftLogException | IllegalArgumentException overtaken) {
      return List.of();
    }
  }

  private static void checkConsecutive(List<Entry> entries) {
    for (int i = 1; i < entries.size(); i++) {
      assertEquals(entries.get(i - 1).index() + 1, entries.get(i).index());
      assertTrue(entries.get(i - 1).term() <= entries.get(i).term());
    }
  }

  @Test
  void whatWasTakenNeverChanges() throws Exception {
    int rounds = TestRun.count(30_000, 1_000_000);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> others = new ArrayList<>();
      others.add(threads.submit(this::compactOn));
      others.add(threads.submit(() -> readOn(SEED + 1)));
      others.add(threads.submit(() -> readOn(SEED + 2)));
      Callable<Void> writer =
          () -> {
            try {
              appendAll(rounds);
            } finally {
              done.set(true);
            }
            return null;
          };
      threads.submit(writer).get();
      for (Future<?> each : others) {
        each.get();
      }
    } finally {
      done.set(true);
      threads.shutdown();
    }
    assertTrue(log.firstIndex() > 1000 && slices.get() > 100, slices + " slices");
    TestRun.report("appends under four threads", rounds);
    TestRun.report("entries taken under four threads", slices.get());
  }
}
