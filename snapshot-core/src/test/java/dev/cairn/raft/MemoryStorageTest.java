package dev.cairn.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.raft.RaftLogException.Reason;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What etcd's raft library answers, case by case. */
class MemoryStorageTest {
  private static final ConfState ONE = ConfState.of(List.of(1L));
  private static final ConfState THREE = ConfState.of(List.of(1L, 2L, 3L));
  private static final byte[] DATA = {1, 2, 3};

  /** Four fields of two bytes less the data: what an entry without data is encoded to. */
  private static final int BARE_BYTES = 6;

  /** Entry 3 of term 3 is the base; behind it 4, 5 and 6 of the same terms. */
  private final MemoryStorage log = based(3, 3, "4:4 5:5 6:6");

  private static MemoryStorage based(long index, long term, String entries) {
    MemoryStorage log = new MemoryStorage();
    log.applySnapshot(new RaftSnapshot(index, term, ONE, DATA));
    log.append(Logs.entries(entries));
    return log;
  }

  /** What was asked for, or the name of the answer. */
  private static String answer(Supplier<Object> question) {
    try {
      return String.valueOf(question.get());
    } catch (RaftLogException e) {
      return e.reason().name();
    } catch (IllegalArgumentException e) {
      return "WRONG";
    }
  }

  @Test
  void aNewLogIsEmpty() {
    MemoryStorage empty = new MemoryStorage();
    assertEquals(1, empty.firstIndex());
    assertEquals(0, empty.lastIndex());
    assertEquals(0, empty.term(0));
    assertSame(RaftSnapshot.NONE, empty.snapshot());
    assertEquals(new InitialState(HardState.EMPTY, ConfState.of(List.of())), empty.initialState());
    assertEquals("UNAVAILABLE", answer(() -> empty.term(1)));
    assertEquals("COMPACTED", answer(() -> empty.entries(0, 1, 0)));
    assertEquals("UNAVAILABLE", answer(() -> empty.entries(1, 1, 0)));
    assertEquals("WRONG", answer(() -> empty.entries(1, 2, 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "2, COMPACTED", // before the base
    "3, 3", // the base itself: its term is kept
    "4, 4",
    "6, 6",
    "7, UNAVAILABLE",
    "18446744073709551615, UNAVAILABLE"
  })
  void termOf(String index, String wanted) {
    assertEquals(wanted, answer(() -> log.term(Long.parseUnsignedLong(index))));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 6, -1, COMPACTED",
    "3, 4, -1, COMPACTED", // the base is no entry
    "0, 0, -1, COMPACTED",
    "4, 5, -1, 4:4",
    "4, 6, -1, 4:4 5:5",
    "4, 7, -1, 4:4 5:5 6:6",
    "6, 7, -1, 6:6",
    "5, 5, -1, ''", // nothing was asked for
    "7, 7, -1, ''",
    "4, 8, -1, WRONG", // past the end
    "8, 8, -1, WRONG",
    "6, 5, -1, WRONG",
    "5, 0, -1, WRONG",
    "4, 7, 0, 4:4", // one at least, whatever its size
    "4, 7, 1, 4:4",
    "4, 7, 6, 4:4",
    "4, 7, 11, 4:4", // a byte too few for the second
    "4, 7, 12, 4:4 5:5",
    "4, 7, 17, 4:4 5:5",
    "4, 7, 18, 4:4 5:5 6:6",
    "4, 6, 18, 4:4 5:5"
  })
  void entriesFromTo(long lo, long hi, long bytesMax, String wanted) {
    assertEquals(wanted, answer(() -> Logs.text(log.entries(lo, hi, bytesMax))));
  }

  @Test
  void aLogOfASnapshotAloneHasNoEntries() {
    MemoryStorage bare = based(3, 3, "");
    assertEquals("COMPACTED", answer(() -> bare.entries(3, 4, -1)));
    assertEquals("UNAVAILABLE", answer(() -> bare.entries(4, 4, -1)));
    assertEquals(4, bare.firstIndex());
    assertEquals(3, bare.lastIndex());
    assertEquals(3, bare.term(3));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 4:4 5:5 6:6", // nothing
    "1:1 2:2, 4:4 5:5 6:6", // all older
    "1:1 2:2 3:3, 4:4 5:5 6:6",
    "2:2 3:3 4:4, 4:4", // an older prefix; the rest truncates, be it equal
    "3:3 4:4 5:5, 4:4 5:5",
    "3:3 4:6 5:6 6:6 7:6, 4:6 5:6 6:6 7:6",
    "4:4 5:5 6:6, 4:4 5:5 6:6",
    "4:6 5:6, 4:6 5:6", // in conflict from the first one on
    "5:6, 4:4 5:6", // in the middle
    "6:7 7:7, 4:4 5:5 6:7 7:7",
    "7:6, 4:4 5:5 6:6 7:6", // exactly at the end
    "7:6 8:7, 4:4 5:5 6:6 7:6 8:7"
  })
  void appending(String added, String wanted) {
    log.append(Logs.entries(added));
    assertEquals(wanted, Logs.text(log));
    assertEquals(4, log.firstIndex());
    assertEquals(3, log.term(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8:6", "9:6 10:6", "18446744073709551615:1", "5:6 7:6", "4:6 4:6", "0:0"})
  void aGapIsAMistakeThatChangesNothing(String added) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> log.append(Logs.entries(added)));
    assertEquals(1, refused.getMessage().lines().count());
    assertEquals("4:4 5:5 6:6", Logs.text(log));
  }

  @Test
  void aGapBehindTheLogIsNamedAsEtcdDoes() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> log.append(Logs.entries("8:6")));
    assertEquals("missing log entry [last: 6, append at: 8]", refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "2, COMPACTED, 4, 4:4 5:5 6:6",
    "3, COMPACTED, 4, 4:4 5:5 6:6",
    "4, done, 5, 5:5 6:6",
    "5, done, 6, 6:6",
    "6, done, 7, ''",
    "7, WRONG, 4, 4:4 5:5 6:6"
  })
  void compaction(long index, String wanted, long first, String left) {
    String result =
        answer(
            () -> {
              log.compact(index);
              return "done";
            });
    assertEquals(wanted, result);
    assertEquals(first, log.firstIndex());
    assertEquals(6, log.lastIndex());
    assertEquals(left, Logs.text(log));
    assertEquals(first - 1, log.term(first - 1), "the term of what was dropped last");
    assertEquals(3, log.snapshot().index(), "the snapshot is another matter");
  }

  @ParameterizedTest
  @CsvSource({
    "2, SNAPSHOT_OUT_OF_DATE, 3",
    "3, SNAPSHOT_OUT_OF_DATE, 3",
    "4, 4, 4",
    "5, 5, 5",
    "6, 6, 6",
    "7, WRONG, 3"
  })
  void makingASnapshot(long index, String termOrAnswer, long indexAfter) {
    byte[] data = {9};
    assertEquals(termOrAnswer, answer(() -> log.createSnapshot(index, THREE, data).term()));
    assertEquals(indexAfter, log.snapshot().index());
    assertEquals(indexAfter == 3 ? ONE : THREE, log.initialState().confState());
    assertSame(indexAfter == 3 ? DATA : data, log.snapshot().data());
    assertEquals("4:4 5:5 6:6", Logs.text(log), "entries stay");
  }

  @Test
  void aSnapshotOfWhatCompactionHasLeftBehindIsNotMade() {
    log.compact(5);
    assertEquals("COMPACTED", answer(() -> log.createSnapshot(4, THREE, DATA)));
    assertEquals(3, log.snapshot().index());
    assertEquals(5, log.createSnapshot(5, THREE, DATA).term(), "the base still has a term");
  }

  @ParameterizedTest
  @CsvSource({
    "2, SNAPSHOT_OUT_OF_DATE",
    "3, SNAPSHOT_OUT_OF_DATE",
    "4, done", // older than the log's end: the log is gone all the same
    "9, done"
  })
  void applyingASnapshot(long index, String wanted) {
    String result =
        answer(
            () -> {
              log.applySnapshot(new RaftSnapshot(index, 8, THREE, new byte[0]));
              return "done";
            });
    assertEquals(wanted, result);
    boolean applied = wanted.equals("done");
    assertEquals(applied ? index : 3, log.snapshot().index());
    assertEquals(applied ? index : 6, log.lastIndex());
    assertEquals(applied ? index + 1 : 4, log.firstIndex());
    assertEquals(applied ? 8 : 3, log.term(log.firstIndex() - 1));
    assertEquals(applied ? THREE : ONE, log.initialState().confState());
    assertEquals(applied ? "" : "4:4 5:5 6:6", Logs.text(log));
  }

  @Test
  void theHardStateIsKept() {
    HardState state = new HardState(4, 1, 5);
    log.setHardState(state);
    assertEquals(new InitialState(state, ONE), log.initialState());
    log.applySnapshot(new RaftSnapshot(9, 8, THREE, DATA));
    assertEquals(new InitialState(state, THREE), log.initialState());
  }

  @Test
  void answersHaveEtcdsWordsAndNumbers() {
    String[] wanted = {
      "requested index is unavailable due to compaction: 3, there are 4 to 6",
      "requested entry at index is unavailable: 7, there are 4 to 6",
      "requested index is older than the existing snapshot: 3, there is 3"
    };
    Runnable[] questions = {
      () -> log.entries(3, 4, -1), () -> log.term(7), () -> log.createSnapshot(3, ONE, DATA)
    };
    for (int i = 0; i < wanted.length; i++) {
      Runnable question = questions[i];
      assertEquals(wanted[i], assertThrows(RaftLogException.class, question::run).getMessage());
    }
    assertTrue(
        new RaftLogException(Reason.SNAPSHOT_TEMPORARILY_UNAVAILABLE, "1")
            .getMessage()
            .startsWith("snapshot is temporarily unavailable"));
  }

  @Test
  void indexesAreUnsigned() {
    long base = Long.MAX_VALUE - 1;
    MemoryStorage high = new MemoryStorage();
    high.applySnapshot(new RaftSnapshot(base, -1, ONE, DATA));
    high.append(List.of(Logs.entry(base + 1, -1), Logs.entry(base + 2, -1)));
    assertEquals(Long.MIN_VALUE, high.lastIndex());
    assertEquals(2, high.entries(base + 1, base + 3, -1).size());
    assertEquals(-1, high.term(base + 2));
    assertEquals("COMPACTED", answer(() -> high.term(1)));
    high.append(Logs.entries("1:1 2:1"));
    high.compact(base + 2);
    assertEquals("SNAPSHOT_OUT_OF_DATE", answer(() -> high.createSnapshot(7, ONE, DATA)));
    high.append(Logs.entries("1:1 2:1"));
    assertEquals(Long.MIN_VALUE, high.lastIndex());
  }

  @Test
  void entriesHandedOutNeverChange() {
    List<Entry> taken = log.entries(4, 7, -1);
    log.append(Logs.entries("4:9 5:9"));
    log.compact(5);
    assertEquals("4:4 5:5 6:6", Logs.text(taken));
    assertThrows(UnsupportedOperationException.class, () -> taken.set(0, Logs.entry(1, 1)));
    List<Entry> mine = Logs.entries("6:9 7:9");
    log.append(mine);
    mine.set(0, Logs.entry(1, 1));
    assertEquals("6:9 7:9", Logs.text(log));
  }

  /** The limit counts what etcd would encode. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152})
  void sizesAreThoseOfTheEncoding(int dataBytes) {
    for (long number : new long[] {0, 1, 127, 128, 1L << 35, Long.MAX_VALUE, -1}) {
      for (EntryType type : EntryType.values()) {
        Entry entry = new Entry(type, number, number, new byte[dataBytes]);
        assertEquals(entry.encode().length, EntrySize.of(entry));
      }
    }
    assertEquals(BARE_BYTES, EntrySize.of(Logs.entry(4, 4)));
  }
}
