package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads the records of a log in order, segment after segment, and compares their CRCs. Changes
 * nothing. One thread at a time.
 *
 * <p>Memory: one window of the file and the record at hand; a length is believed only where the
 * record's own head agrees with it.
 *
 * <p>A record that was being written when the power went may stand half at the end of the last
 * segment: it reaches behind the end of the file, or is no whole record and has a sector of zeros,
 * or is half a length with nothing behind it. That is {@linkplain WalEnd#torn() told} and not an
 * error. Anything else that is wrong is {@code corrupt}, naming segment and offset.
 */
public final class WalReader implements AutoCloseable {
  private final Disk disk;
  private final List<Path> segments;
  private final boolean showsMismatches;
  private final RunningCrc crc = new RunningCrc();
  private int opened;
  private int sequenceChecked;
  private SegmentFile segment;
  private long offset;
  private WalEnd end;
  private StorageException damage;

  private WalReader(Disk disk, List<Path> segments, boolean showsMismatches) {
    if (segments.isEmpty()) {
      throw StorageException.of(Code.NOT_FOUND, "a log without a segment");
    }
    this.disk = disk;
    this.segments = List.copyOf(segments);
    this.showsMismatches = showsMismatches;
  }

  /**
   * A reader that ends at the first damage.
   *
   * @param disk where
   * @param segments in order, as {@link SegmentName#list} gives them, or the last few of them
   * @return to be closed by the caller
   * @throws StorageException {@code not-found} for an empty list
   */
  public static WalReader open(Disk disk, List<Path> segments) {
    return new WalReader(disk, segments, false);
  }

  /**
   * A reader for a person who looks at damage: a record with a wrong CRC is given like any other,
   * but not {@linkplain WalRecord#intact() intact}, and so is one of a type that there is not;
   * {@link #skipSegment} goes on behind what cannot be read.
   *
   * @param disk where
   * @param segments in order
   * @return to be closed by the caller
   * @throws StorageException {@code not-found} for an empty list
   */
  public static WalReader inspect(Disk disk, List<Path> segments) {
    return new WalReader(disk, segments, true);
  }

  /**
   * The next record.
   *
   * @return null at the end of the log
   * @throws StorageException {@code corrupt}, and again at every further call until {@link
   *     #skipSegment}; else as the disk's calls
   */
  public WalRecord next() {
    if (damage != null) {
      throw damage.again();
    }
    try {
      WalRecord record = null;
      while (record == null && end == null) {
        record = segment == null ? firstOfSegment() : nextOfSegment();
      }
      return record;
    } catch (StorageException failure) {
      damage = failure;
      throw failure;
    }
  }

  /**
   * Where the log ends.
   *
   * @return empty until {@link #next} has returned null
   */
  public Optional<WalEnd> end() {
    return Optional.ofNullable(end);
  }

  /**
   * Goes on with the segment behind the one that is damaged, or is being read, or behind the gap;
   * its CRC is then taken as it stands there.
   *
   * @return false when there is none, and nothing is changed
   */
  public boolean skipSegment() {
    if (opened == segments.size()) {
      return false;
    }
    closeSegment();
    damage = null;
    crc.adopt(0);
    return true;
  }

  private WalRecord firstOfSegment() {
    Path path = segments.get(opened);
    checkSequence(path);
    opened++;
    segment = new SegmentFile(disk, path);
    offset = 0;
    WalRecord first = segment.sizeBytes() < WalFormat.LENGTH_BYTES ? null : nextOfSegment();
    if (first == null || first.type() != RecordType.CRC) {
      offset = 0;
      throw corrupt("it begins with no CRC record");
    }
    return first;
  }

  /** Told once: who goes on then reads the segment behind the gap. */
  private void checkSequence(Path path) {
    if (opened == sequenceChecked) {
      return;
    }
    sequenceChecked = opened;
    Path last = segments.get(opened - 1);
    Optional<SegmentName> before = SegmentName.of(last);
    Optional<SegmentName> here = SegmentName.of(path);
    if (before.isPresent()
        && here.isPresent()
        && before.get().sequence() + 1 != here.get().sequence()) {
      throw StorageException.corrupt(
          path,
          0,
          "wal: file sequence numbers do not increase continuously: a segment before this one is"
              + " missing; the last is "
              + last);
    }
  }

  /** Null when the segment, and perhaps the log, has ended. */
  private WalRecord nextOfSegment() {
    long left = segment.sizeBytes() - offset;
    if (left == 0) {
      return endOfSegment();
    }
    if (left < WalFormat.LENGTH_BYTES) {
      return cut("the file ends within the length of a record");
    }
    long length = segment.longAt(offset);
    if (length == 0) {
      return endOfSegment();
    }
    long bodyBytes = WalFormat.bodyBytes(length);
    if (bodyBytes < 0) {
      if (inLast() && offset > 0 && segment.isZero(offset + WalFormat.LENGTH_BYTES)) {
        return torn();
      }
      throw corrupt("0x%016x is no length of a record".formatted(length));
    }
    if (bodyBytes + WalFormat.padBytes(bodyBytes) > left - WalFormat.LENGTH_BYTES) {
      return cut("a record of " + bodyBytes + " bytes reaches behind the end of the file");
    }
    return record(bodyBytes);
  }

  private WalRecord record(long bodyBytes) {
    long body = offset + WalFormat.LENGTH_BYTES;
    long next = body + bodyBytes + WalFormat.padBytes(bodyBytes);
    ByteBuffer start = segment.peek(body, Math.min(bodyBytes, RecordHead.BYTES_MAX));
    RecordHead head = RecordHead.read(start, bodyBytes);
    if (head == null) {
      return tornOr(body, next, "the bytes are no record");
    }
    checkReadable(head, bodyBytes);
    byte[] data = segment.read(body + head.headBytes(), (int) bodyBytes - head.headBytes());
    int before = crc.value();
    boolean intact = follows(head, data);
    if (!intact && (!showsMismatches || isTorn(body, next))) {
      int found = crc.value();
      crc.adopt(before);
      return tornOr(
          body,
          next,
          "walpb: crc mismatch: CRC 0x%08x, but 0x%08x is stored".formatted(found, head.crc()));
    }
    if (crc.value() != head.crc()) {
      crc.adopt(head.crc());
    }
    WalRecord record = new WalRecord(segment.path(), offset, head.type(), head.crc(), intact, data);
    offset = next;
    return record;
  }

  private void checkReadable(RecordHead head, long bodyBytes) {
    if (bodyBytes > WalFormat.BODY_BYTES_MAX) {
      throw StorageException.of(
          Code.LIMIT,
          segment.path(),
          "wal: max entry size limit exceeded: a record of %d bytes at byte %d; at most %d are read"
              .formatted(bodyBytes, offset, WalFormat.BODY_BYTES_MAX));
    }
    if (RecordType.of(head.type()) == RecordType.UNKNOWN && !showsMismatches) {
      throw corrupt("unexpected block type " + head.type());
    }
  }

  /** A segment that is read first brings its CRC with it, as there is none to compare. */
  private boolean follows(RecordHead head, byte[] data) {
    if (RecordType.of(head.type()) == RecordType.CRC) {
      return crc.value() == 0 || crc.value() == head.crc();
    }
    crc.update(data);
    return crc.value() == head.crc();
  }

  private WalRecord tornOr(long from, long to, String what) {
    if (isTorn(from, to)) {
      return torn();
    }
    throw corrupt(what);
  }

  private boolean isTorn(long from, long to) {
    return inLast() && offset > 0 && segment.anySectorIsZero(from, to);
  }

  private WalRecord cut(String what) {
    if (!inLast() || offset == 0) {
      throw corrupt("unexpected EOF: " + what);
    }
    return torn();
  }

  private boolean inLast() {
    return opened == segments.size();
  }

  private WalRecord torn() {
    end = new WalEnd(segment.path(), offset, crc.value(), true);
    return null;
  }

  private WalRecord endOfSegment() {
    if (offset == 0) {
      throw corrupt("it has no record");
    }
    if (inLast()) {
      end = new WalEnd(segment.path(), offset, crc.value(), false);
    }
    closeSegment();
    return null;
  }

  private StorageException corrupt(String what) {
    return StorageException.corrupt(
        segment.path(), offset, offset == 0 ? "no segment of a log: " + what : what);
  }

  private void closeSegment() {
    if (segment != null) {
      segment.close();
      segment = null;
    }
  }

  /** Closes the segment at hand. Idempotent. */
  @Override
  public void close() {
    closeSegment();
  }
}
