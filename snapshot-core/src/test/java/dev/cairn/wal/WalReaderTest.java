package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Damage of every kind at every place of a real log. */
class WalReaderTest {
  private static final Path LOG = Path.of("/log");
  private static final Path FIRST = LOG.resolve(RaftFixture.FIRST_SEGMENT);
  private static final Path SECOND = LOG.resolve(new SegmentName(1, 13).fileName());
  private static final byte[] LIVE = RaftFixture.LIVE.bytes(RaftFixture.FIRST_SEGMENT);
  private static final List<WalRecord> RECORDS = outcome(LIVE).records();
  private static final int CRC_RECORD_BYTES = 16;

  /** What a reader came to. */
  private record Outcome(List<WalRecord> records, WalEnd end, StorageException damage) {
    boolean torn() {
      return end != null && end.torn();
    }

    boolean clean() {
      return end != null && !end.torn();
    }
  }

  private static Outcome outcome(byte[] segment) {
    return outcome(new MemoryDisk().put(FIRST, segment), List.of(FIRST));
  }

  private static Outcome outcome(MemoryDisk disk, List<Path> segments) {
    List<WalRecord> records = new ArrayList<>();
    try (WalReader reader = WalReader.open(disk, segments)) {
      WalRecord record = reader.next();
      while (record != null) {
        assertTrue(record.intact());
        records.add(record);
        record = reader.next();
      }
      assertNull(reader.next());
      return new Outcome(records, reader.end().orElseThrow(), null);
    } catch (StorageException damage) {
      return new Outcome(records, null, damage);
    } finally {
      assertEquals(0, disk.open());
    }
  }

  private static void assertPrefix(Outcome outcome) {
    List<WalRecord> read = outcome.records();
    for (int i = 0; i < read.size(); i++) {
      assertEquals(RECORDS.get(i).offsetBytes(), read.get(i).offsetBytes());
      assertEquals(RECORDS.get(i).typeNumber(), read.get(i).typeNumber());
      assertArrayEquals(RECORDS.get(i).data(), read.get(i).data());
    }
  }

  @Test
  void readsTheRecordsOfTheFixture() {
    assertEquals(26, RECORDS.size());
    assertEquals(RecordType.CRC, RECORDS.get(0).type());
    assertEquals(new WalMetadata(0x73c2be9d6338bf7bL, 0x2efb75ec40ed498dL), metadata());
    assertEquals(1344, outcome(LIVE).end().offsetBytes());
  }

  private static WalMetadata metadata() {
    return RECORDS.get(1).metadata();
  }

  @Test
  void everyTruncationIsTornOrAnEnd() {
    TreeSet<Integer> boundaries = new TreeSet<>(List.of(LIVE.length));
    RECORDS.forEach(record -> boundaries.add((int) record.offsetBytes()));
    for (int length = 0; length < LIVE.length; length++) {
      Outcome outcome = outcome(Arrays.copyOf(LIVE, length));
      assertPrefix(outcome);
      if (length < CRC_RECORD_BYTES) {
        assertEquals(Code.CORRUPT, outcome.damage().code());
        assertTrue(outcome.damage().getMessage().contains("(at byte 0)"));
      } else {
        assertEquals(!boundaries.contains(length), outcome.torn(), "length " + length);
        assertEquals(boundaries.floor(length).longValue(), outcome.end().offsetBytes());
      }
    }
    TestRun.report("truncations of a log", LIVE.length);
  }

  /** What stands in front is read as it was, and no changed data is taken for good. */
  @Test
  void everyFlippedBitIsFoundOrHarmless() {
    int harmless = 0;
    int corrupt = 0;
    Set<Integer> types = typeBytes();
    for (int bit = 0; bit < LIVE.length * 8; bit++) {
      if (types.contains(bit / 8)) {
        continue;
      }
      byte[] flipped = LIVE.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Outcome outcome = outcome(flipped);
      assertPrefix(outcome);
      harmless += outcome.records().size() == RECORDS.size() ? 1 : 0;
      corrupt += outcome.damage() != null ? 1 : 0;
      if (outcome.damage() != null) {
        assertEquals(Code.CORRUPT, outcome.damage().code());
        // What is wrong with the CRC that all begins with is seen at the first record of data.
        long foundAt = outcome.damage().offsetBytes().orElseThrow();
        assertTrue(foundAt <= Math.max(bit / 8, CRC_RECORD_BYTES), "bit " + bit);
      }
    }
    assertEquals(padBytes() * 8, harmless);
    assertTrue(corrupt > LIVE.length * 6, "only " + corrupt);
    TestRun.report("flipped bits of a log", (LIVE.length - types.size()) * 8L);
  }

  private static Set<Integer> typeBytes() {
    return RECORDS.stream()
        .map(record -> (int) record.offsetBytes() + WalFormat.LENGTH_BYTES + 1)
        .collect(Collectors.toSet());
  }

  /** The CRC does not cover the type: another one that there is can only be told by the data. */
  @Test
  void everyFlippedTypeIsAnotherTypeOrDamage() {
    int known = 0;
    for (int at : typeBytes()) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = LIVE.clone();
        flipped[at] ^= (byte) (1 << bit);
        Outcome outcome = outcome(flipped);
        if (RecordType.of(flipped[at]) == RecordType.UNKNOWN) {
          assertEquals(Code.CORRUPT, outcome.damage().code());
        } else {
          known++;
        }
      }
    }
    assertTrue(known > RECORDS.size(), "only " + known);
  }

  private static long padBytes() {
    long pad = 0;
    for (WalRecord record : RECORDS) {
      long length =
          ByteBuffer.wrap(LIVE).order(ByteOrder.LITTLE_ENDIAN).getLong((int) record.offsetBytes());
      pad += WalFormat.padBytes(WalFormat.bodyBytes(length));
    }
    return pad;
  }

  @Test
  void aSectorOfZerosIsTornInTheLastSegmentAlone() {
    byte[] cut = LIVE.clone();
    // The record at 456 reaches over the end of the first sector.
    Arrays.fill(cut, 512, 1024, (byte) 0);
    Outcome last = outcome(cut);
    assertTrue(last.torn());
    assertEquals(456, last.end().offsetBytes());
    MemoryDisk disk = new MemoryDisk().put(FIRST, cut).put(SECOND, following(LIVE));
    Outcome first = outcome(disk, List.of(FIRST, SECOND));
    assertEquals(Code.CORRUPT, first.damage().code());
    assertEquals(456, first.damage().offsetBytes().orElseThrow());
  }

  /** A segment of one record, that a log ending with these records goes on with. */
  private static byte[] following(byte[] before) {
    int crc = outcome(before).end().crc();
    ByteBuffer segment = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    segment.putLong(0);
    RecordHead.write(segment, RecordType.CRC.ordinal(), crc, 0);
    segment.putLong(0, WalFormat.lengthField(segment.position() - 8));
    return segment.array();
  }

  @Test
  void aSegmentGoesOnWhereTheOneBeforeEnded() {
    MemoryDisk disk = new MemoryDisk().put(FIRST, LIVE).put(SECOND, following(LIVE));
    List<Path> both = SegmentName.list(disk, LOG);
    Outcome outcome = outcome(disk, both);
    assertTrue(outcome.clean());
    assertEquals(27, outcome.records().size());
    assertEquals(SECOND, outcome.end().segment());
    // Alone it is read as well: it brings its CRC with it.
    assertTrue(outcome(disk, List.of(SECOND)).clean());

    byte[] wrong = following(LIVE);
    wrong[11] ^= 1;
    StorageException damage = outcome(disk.put(SECOND, wrong), both).damage();
    assertTrue(damage.getMessage().contains("is stored (at byte 0)"), damage.getMessage());
    assertEquals(SECOND, damage.file().orElseThrow());
  }

  @Test
  void aMissingSegmentIsNamed() {
    Path third = LOG.resolve(new SegmentName(2, 13).fileName());
    MemoryDisk disk = new MemoryDisk().put(FIRST, LIVE).put(third, following(LIVE));
    StorageException damage = outcome(disk, SegmentName.list(disk, LOG)).damage();
    assertEquals(Code.CORRUPT, damage.code());
    assertTrue(damage.getMessage().contains("is missing"), damage.getMessage());
    try (WalReader reader = WalReader.inspect(disk, SegmentName.list(disk, LOG))) {
      IntStream.range(0, RECORDS.size()).forEach(i -> reader.next());
      assertThrows(StorageException.class, reader::next);
      assertTrue(reader.skipSegment());
      assertEquals(third, reader.next().segment());
      assertNull(reader.next());
    }
  }

  @Test
  void anEarlierSegmentThatIsCutIsDamaged() {
    byte[] cut = Arrays.copyOf(LIVE, LIVE.length - 1);
    MemoryDisk disk = new MemoryDisk().put(FIRST, cut).put(SECOND, following(LIVE));
    assertEquals(Code.CORRUPT, outcome(disk, List.of(FIRST, SECOND)).damage().code());
  }

  @Test
  void foreignFilesAreNoSegments() {
    byte[][] foreign = {
      {}, new byte[7], new byte[1 << 16], "PK\3\4 and so on, for a while".getBytes(), LIVE.clone()
    };
    foreign[4][8] = 0x10;
    for (byte[] bytes : foreign) {
      Outcome outcome = outcome(bytes);
      assertEquals(Code.CORRUPT, outcome.damage().code());
      assertEquals(0, outcome.damage().offsetBytes().orElseThrow());
      assertEquals(List.of(), outcome.records());
    }
  }

  /** A length that no memory would hold is not believed. */
  @Test
  void lengthsAreBelievedOnlyWithTheirRecord() {
    byte[] large = Arrays.copyOf(LIVE, 80_000_000);
    ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN).putLong(1344, 70_000_000L);
    Outcome outcome = outcome(large);
    assertTrue(outcome.torn());
    assertEquals(1344, outcome.end().offsetBytes());
    // A record that says it is as long is refused, and not read either.
    ByteBuffer record = ByteBuffer.wrap(large).position(1352);
    RecordHead.write(record, 2, 5, 70_000_000 - 9);
    Outcome refused = outcome(large);
    assertEquals(Code.LIMIT, refused.damage().code());
    Arrays.fill(large, 1344, 1352, (byte) 0xff);
    assertEquals(Code.CORRUPT, outcome(large).damage().code());
  }

  @Test
  void aDamagedReaderStaysDamaged() {
    byte[] flipped = LIVE.clone();
    flipped[300] ^= 1;
    MemoryDisk disk = new MemoryDisk().put(FIRST, flipped);
    try (WalReader reader = WalReader.open(disk, List.of(FIRST))) {
      IntStream.range(0, 6).forEach(i -> reader.next());
      StorageException first = assertThrows(StorageException.class, reader::next);
      StorageException again = assertThrows(StorageException.class, reader::next);
      assertEquals(first.getMessage(), again.getMessage());
      assertTrue(first.getMessage().matches(".*: CRC 0x[0-9a-f]{8}, but 0xc8dff73d is stored.*"));
      assertTrue(reader.end().isEmpty());
      assertFalse(reader.skipSegment());
      assertThrows(StorageException.class, reader::next);
    }
  }

  @Test
  void whoInspectsSeesTheDamagedRecordAndAllBehindIt() {
    byte[] flipped = LIVE.clone();
    flipped[300] ^= 1;
    MemoryDisk disk = new MemoryDisk().put(FIRST, flipped);
    int wrong = 0;
    int count = 0;
    try (WalReader reader = WalReader.inspect(disk, List.of(FIRST))) {
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        assertEquals(record.offsetBytes() != 256, record.intact());
        wrong += record.intact() ? 0 : 1;
        count++;
      }
    }
    assertEquals(1, wrong);
    assertEquals(RECORDS.size(), count);
  }

  @Test
  void whoInspectsGoesOnWithTheNextSegment() {
    byte[] flipped = LIVE.clone();
    flipped[463] = 0x70;
    MemoryDisk disk = new MemoryDisk().put(FIRST, flipped).put(SECOND, following(LIVE));
    try (WalReader reader = WalReader.inspect(disk, List.of(FIRST, SECOND))) {
      IntStream.range(0, 8).forEach(i -> reader.next());
      assertEquals(
          456, assertThrows(StorageException.class, reader::next).offsetBytes().orElseThrow());
      assertTrue(reader.skipSegment());
      assertEquals(SECOND, reader.next().segment());
      assertNull(reader.next());
      assertTrue(reader.end().isPresent());
      assertFalse(reader.skipSegment());
    }
  }

  @Test
  void anAbsentSegmentIsPassedOver() {
    MemoryDisk disk = new MemoryDisk().put(SECOND, following(LIVE));
    try (WalReader reader = WalReader.inspect(disk, List.of(FIRST, SECOND))) {
      assertEquals(Code.NOT_FOUND, assertThrows(StorageException.class, reader::next).code());
      assertTrue(reader.skipSegment());
      assertEquals(SECOND, reader.next().segment());
    }
    StorageException none =
        assertThrows(StorageException.class, () -> SegmentName.list(disk, Path.of("/other")));
    assertEquals(Code.NOT_FOUND, none.code());
  }

  @Test
  void namesAreReadAndWritten() {
    SegmentName name = new SegmentName(1, 0x46);
    assertEquals("0000000000000001-0000000000000046.wal", name.fileName());
    assertEquals(name, SegmentName.of(Path.of("a", name.fileName())).orElseThrow());
    SegmentName last = new SegmentName(-1, -1);
    assertEquals(last, SegmentName.of(Path.of(last.fileName())).orElseThrow());
    for (String other : List.of("0.tmp", "x.wal", "1-2.wal", name.fileName() + "x", "")) {
      assertTrue(SegmentName.of(Path.of(other)).isEmpty());
    }
    assertTrue(SegmentName.of(Path.of("/")).isEmpty());
  }
}
