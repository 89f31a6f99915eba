package dev.cairn.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snap.RaftSnapshot;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Random histories, answer by answer the same as those of a plain list. */
class MemoryStorageHistoriesTest {
  private static final long SEED = TestRun.seed(MemoryStorageHistoriesTest.class);
  private static final int STEPS = 120;
  private static final ConfState CONF_STATE = ConfState.of(List.of(1L, 2L));

  /** Entries as they were taken, and what they were then. */
  private record Taken(List<Entry> entries, String text) {}

  private final Map<String, Integer> seen = new TreeMap<>();
  private SplittableRandom random;
  private MemoryStorage log;
  private ListLog model;
  private long term;
  private final List<Taken> taken = new ArrayList<>();

  private void run(long seed) {
    random = new SplittableRandom(seed);
    log = new MemoryStorage();
    model = new ListLog();
    term = 1;
    taken.clear();
    for (int step = 0; step < STEPS; step++) {
      step();
      assertEquals(model.first(), log.firstIndex());
      assertEquals(model.last(), log.lastIndex());
      assertSame(model.snapshot().data(), log.snapshot().data());
      assertEquals(model.snapshot().index(), log.snapshot().index());
      assertEquals(model.snapshot().term(), log.snapshot().term());
    }
    for (long index = model.first() - 1; index <= model.last(); index++) {
      assertEquals(model.term(index), log.term(index));
    }
    for (Taken each : taken) {
      assertEquals(each.text(), Logs.text(each.entries()));
    }
  }

  private void step() {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> append(model.last() + 1);
      case 3 -> append(near());
      case 4, 5 -> take();
      case 6 -> {
        long index = near();
        same("term", () -> model.term(index), () -> log.term(index));
      }
      case 7 -> compact();
      case 8 -> createSnapshot();
      default -> applySnapshot();
    }
  }

  /** Around what the log has, and now and then beyond. */
  private long near() {
    long from = Math.max(1, model.first() - 4);
    return from + random.nextLong(model.last() + 5 - from);
  }

  private void append(long from) {
    term += random.nextInt(8) == 0 ? 1 : 0;
    List<Entry> added = new ArrayList<>();
    int count = random.nextInt(random.nextInt(12) == 0 ? 300 : 8);
    for (int i = 0; i < count; i++) {
      added.add(Logs.entry(from + i, term, random.nextInt(300)));
    }
    same(
        "append",
        () -> {
          model.append(added);
          return "";
        },
        () -> {
          log.append(added);
          return "";
        });
  }

  private void take() {
    // At its very begin often enough: only there an empty log has no answer.
    long lo = random.nextInt(4) == 0 ? model.first() : near();
    long hi =
        random.nextInt(6) == 0 ? near() : lo + random.nextLong(random.nextInt(4) == 0 ? 2 : 20);
    long bytesMax = random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextLong(3000);
    same("entries", () -> model.entries(lo, hi, bytesMax), () -> log.entries(lo, hi, bytesMax));
    if (model.last() >= model.first()) {
      List<Entry> all = log.entries(model.first(), model.last() + 1, -1);
      taken.add(new Taken(all, Logs.text(all)));
    }
  }

  private void compact() {
    long index = near();
    same(
        "compact",
        () -> {
          model.compact(index);
          return "";
        },
        () -> {
          log.compact(index);
          return "";
        });
  }

  private void createSnapshot() {
    long index = near();
    byte[] data = new byte[1];
    same(
        "create",
        () -> model.createSnapshot(index, CONF_STATE, data).term(),
        () -> log.createSnapshot(index, CONF_STATE, data).term());
  }

  private void applySnapshot() {
    if (random.nextInt(4) != 0) {
      return;
    }
    RaftSnapshot snapshot = new RaftSnapshot(near(), term, CONF_STATE, new byte[1]);
    same(
        "apply",
        () -> {
          model.applySnapshot(snapshot);
          return "";
        },
        () -> {
          log.applySnapshot(snapshot);
          return "";
        });
  }

  private void same(String what, Supplier<Object> wanted, Supplier<Object> found) {
    Object result = result(wanted);
    assertEquals(result, result(found), what);
    String kind = result instanceof String text && !text.isEmpty() ? text : "done";
    seen.merge(what + " " + kind, 1, Integer::sum);
  }

  private static Object result(Supplier<Object> call) {
    try {
      return call.get();
    } catch (RaftLogException e) {
      return e.reason().name();
    } catch (IllegalArgumentException e) {
      return "WRONG";
    }
  }

  @Test
  void everyAnswerIsThatOfAPlainList() {
    int histories = TestRun.count(500, 10_000);
    for (int i = 0; i < histories; i++) {
      long seed = SEED + i;
      try {
        run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("history %d of seed %016x".formatted(i, SEED), e);
      }
    }
    TestRun.report("histories of a log in memory", histories);
    for (String kind :
        List.of(
            "append done",
            "append WRONG",
            "apply SNAPSHOT_OUT_OF_DATE",
            "apply done",
            "compact COMPACTED",
            "compact WRONG",
            "compact done",
            "create COMPACTED",
            "create SNAPSHOT_OUT_OF_DATE",
            "create WRONG",
            "create done",
            "entries COMPACTED",
            "entries UNAVAILABLE",
            "entries WRONG",
            "entries done",
            "term COMPACTED",
            "term UNAVAILABLE",
            "term done")) {
      assertTrue(seen.getOrDefault(kind, 0) > 0, kind + " of " + seen);
    }
  }
}
