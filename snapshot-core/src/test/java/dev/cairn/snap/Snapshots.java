package dev.cairn.snap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.wal.ConfState;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Snapshots of raft's for tests; what they hold follows from their index. */
final class Snapshots {
  private Snapshots() {}

  static RaftSnapshot of(long index, long term) {
    String document = "{\"index\":%d,\"pad\":\"%s\"}".formatted(index, "x".repeat(700));
    return new RaftSnapshot(
        index, term, ConfState.of(List.of(index, -1L)), document.getBytes(StandardCharsets.UTF_8));
  }

  static void assertSame(RaftSnapshot wanted, RaftSnapshot found) {
    assertEquals(wanted.index(), found.index());
    assertEquals(wanted.term(), found.term());
    assertEquals(wanted.confState(), found.confState());
    assertArrayEquals(wanted.data(), found.data());
  }
}
