package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedInputStream;
import dev.cairn.io.LocalDisk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.ConfChange;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.RaftFixture;
import dev.cairn.wal.RecordType;
import dev.cairn.wal.SegmentName;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.WalEnd;
import dev.cairn.wal.WalMetadata;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.WalRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fact that an independent parser found in the files of the real etcd. */
class RaftFactsTest {
  @TempDir Path directory;

  private static List<JsonTree> list(JsonTree tree) {
    return tree.value() instanceof List<?> list
        ? list.stream().map(JsonTree::new).toList()
        : List.of();
  }

  private static long number(JsonTree tree) {
    return tree.unsigned().orElseThrow();
  }

  private static long hex(JsonTree tree) {
    return Long.parseUnsignedLong(tree.text(), 16);
  }

  @ParameterizedTest
  @EnumSource
  void everyRecord(RaftFixture fixture) throws IOException {
    JsonTree facts = JsonTree.readOrNothing(fixture.facts());
    List<Path> segments = unpack(fixture, facts);
    int records = 0;
    try (WalReader reader = WalReader.open(LocalDisk.INSTANCE, segments)) {
      for (JsonTree segment : list(facts.at("wal"))) {
        for (JsonTree fact : list(segment.at("list"))) {
          checkRecord(fact, reader.next());
          records++;
        }
        assertEquals(number(segment.at("records")), list(segment.at("list")).size());
      }
      assertNull(reader.next());
      List<JsonTree> all = list(facts.at("wal"));
      checkEnd(all.get(all.size() - 1), segments, reader.end().orElseThrow());
    }
    TestRun.report("records of etcd's read in " + fixture, records);
  }

  private List<Path> unpack(RaftFixture fixture, JsonTree facts) throws IOException {
    List<Path> segments = new ArrayList<>();
    for (JsonTree segment : list(facts.at("wal"))) {
      Path path = fixture.unpack(segment.at("file").text(), directory);
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        file.setLength(number(segment.at("size")));
      }
      segments.add(path);
    }
    assertEquals(segments, SegmentName.list(LocalDisk.INSTANCE, directory));
    return segments;
  }

  private static void checkEnd(JsonTree segment, List<Path> segments, WalEnd end) {
    assertEquals(segments.get(segments.size() - 1), end.segment());
    assertEquals(number(segment.at("endOfRecords")), end.offsetBytes());
    assertEquals(hex(segment.at("lastCrc")), Integer.toUnsignedLong(end.crc()));
    assertFalse(end.torn());
  }

  private static void checkRecord(JsonTree fact, WalRecord record) {
    assertEquals(number(fact.at("off")), record.offsetBytes());
    assertEquals(fact.at("type").text(), record.type().text());
    assertEquals(hex(fact.at("crc")), Integer.toUnsignedLong(record.crc()));
    assertTrue(record.intact());
    switch (record.type()) {
      case METADATA -> {
        JsonTree metadata = fact.at("metadata");
        assertEquals(
            new WalMetadata(hex(metadata.at("nodeID")), hex(metadata.at("clusterID"))),
            record.metadata());
      }
      case ENTRY -> checkEntry(fact.at("entry"), record.entry());
      case STATE -> {
        JsonTree state = fact.at("state");
        assertEquals(
            new HardState(
                number(state.at("term")), hex(state.at("vote")), number(state.at("commit"))),
            record.hardState());
      }
      case SNAPSHOT -> {
        SnapshotNote note = record.snapshot();
        assertEquals(number(fact.at("snapshot", "index")), note.index());
        assertEquals(number(fact.at("snapshot", "term")), note.term());
        assertTrue(note.confState().isEmpty());
      }
      default -> assertEquals(0, record.data().length);
    }
  }

  private static void checkEntry(JsonTree fact, Entry entry) {
    assertEquals(number(fact.at("type")), entry.type().ordinal());
    assertEquals(number(fact.at("term")), entry.term());
    assertEquals(number(fact.at("index")), entry.index());
    assertEquals(number(fact.at("dataLen")), entry.data().length);
  }

  @ParameterizedTest
  @EnumSource
  void everySnapshot(RaftFixture fixture) throws IOException {
    JsonTree facts = JsonTree.readOrNothing(fixture.facts());
    for (JsonTree fact : list(facts.at("snaps"))) {
      Path path = fixture.unpack(fact.at("file").text(), directory);
      RaftSnapshot snapshot = SnapFile.read(LocalDisk.INSTANCE, path);
      assertEquals(number(fact.at("index")), snapshot.index());
      assertEquals(number(fact.at("term")), snapshot.term());
      assertEquals(SnapFile.name(snapshot.term(), snapshot.index()), fact.at("file").text());
      assertEquals(
          fact.at("voters").texts(),
          snapshot.confState().voters().stream().map("%016x"::formatted).toList());
      assertEquals(number(fact.at("v2StoreJsonBytes")), snapshot.data().length);
      byte[] bytes = fixture.bytes(fact.at("file").text());
      assertEquals(number(fact.at("size")), bytes.length);
      assertEquals(number(fact.at("crc32c")), storedCrc(bytes));
      List<Long> members =
          V2Document.read(snapshot.data()).members().stream().map(Member::id).toList();
      assertEquals(snapshot.confState().voters(), members);
    }
  }

  private static long storedCrc(byte[] file) throws IOException {
    return Integer.toUnsignedLong(CodedInputStream.newInstance(file, 1, 5).readUInt32());
  }

  /** What the requests of the fixtures are is known from how these were made. */
  @Test
  void everyRequest() {
    assertEquals(
        "{compaction=1, conf_change=1, none=1, put=407, v2=3}", kinds(RaftFixture.WAL).toString());
    assertEquals(
        Map.of("v2", 3, "none", 1, "conf_change", 1, "put", 6, "delete_range", 1),
        kinds(RaftFixture.LIVE));
    TestRun.report("requests of etcd's decoded", 413 + 12);
  }

  private Map<String, Integer> kinds(RaftFixture fixture) {
    Map<String, Integer> kinds = new TreeMap<>();
    Path path = fixture.unpack(RaftFixture.FIRST_SEGMENT, directory);
    try (WalReader reader = WalReader.open(LocalDisk.INSTANCE, List.of(path))) {
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        if (record.type() == RecordType.ENTRY) {
          kinds.merge(kind(record.entry()), 1, Integer::sum);
        }
      }
    }
    return kinds;
  }

  private static String kind(Entry entry) {
    if (entry.type() == EntryType.NORMAL) {
      return RaftRequest.decode(entry.data()).kind();
    }
    assertEquals(1, ConfChange.decode(entry).steps().size());
    return "conf_change";
  }
}
