package dev.cairn.cli;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.wal.SegmentName;
import dev.cairn.wal.WalEnd;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.WalRecord;
import java.nio.file.Path;
import java.util.List;

/** Prints the records of a log, as they come, as far as they can be read. */
final class WalDump {
  private static final Path LOG_IN_DATA_DIRECTORY = Path.of("member", "wal");

  private final Disk disk;
  private final Sheet sheet;
  private StorageException first;
  private int damages;

  WalDump(Disk disk, Sheet sheet) {
    this.disk = disk;
    this.sheet = sheet;
  }

  static Column[] columns() {
    return new Column[] {
      Column.text("FILE", "file", "File"),
      Column.number("OFFSET", "offset", "Offset"),
      Column.text("TYPE", "type", "Type"),
      Column.number("CRC", "crc", "Crc"),
      Column.text("CRC STATE", "crcState", "CrcState"),
      Column.text("CONTENT", "content", "Content")
    };
  }

  /** The segments of a directory, be it that of the log or the data directory; or one file. */
  static List<Path> segments(Disk disk, Path path) {
    return disk.isDirectory(path) ? SegmentName.list(disk, directory(disk, path)) : List.of(path);
  }

  /** The directory of a log, which may be given as the data directory that it is in. */
  static Path directory(Disk disk, Path path) {
    Path inData = path.resolve(LOG_IN_DATA_DIRECTORY);
    return disk.isDirectory(inData) ? inData : path;
  }

  /**
   * Prints all there is, and then fails if something was damaged.
   *
   * @throws StorageException the first damage, saying how many there were
   */
  void print(List<Path> segments) {
    try (WalReader reader = WalReader.inspect(disk, segments)) {
      boolean more = true;
      while (more) {
        more = printSegments(reader);
      }
      reader.end().filter(WalEnd::torn).ifPresent(this::noteTorn);
    }
    sheet.end();
    if (first != null) {
      throw damages == 1
          ? first
          : StorageException.of(
              first.code(),
              "%d places are damaged, the first: %s".formatted(damages, first.getMessage()));
    }
  }

  /** Whether a damaged segment ended this, and another one follows. */
  private boolean printSegments(WalReader reader) {
    try {
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        print(record);
      }
      return false;
    } catch (StorageException damaged) {
      note(damaged);
      return reader.skipSegment();
    }
  }

  private void print(WalRecord record) {
    if (!record.intact()) {
      note(corrupt(record, "the CRC is not that of the record"));
    }
    sheet.row(
        Cell.of(record.segment().getFileName().toString()),
        Cell.of(record.offsetBytes()),
        Cell.of(record.type().text()),
        Cell.shown("%08x".formatted(record.crc()), Integer.toUnsignedLong(record.crc())),
        Cell.of(record.intact() ? "ok" : "mismatch"),
        content(record).cell());
  }

  private Content content(WalRecord record) {
    try {
      return RaftContent.of(record);
    } catch (StorageException damaged) {
      boolean placed = damaged.file().isPresent();
      note(placed ? damaged : corrupt(record, damaged.getMessage()));
      return new Content().put("undecodableBytes", Cell.of(record.data().length));
    }
  }

  private static StorageException corrupt(WalRecord record, String what) {
    return StorageException.corrupt(record.segment(), record.offsetBytes(), what);
  }

  private void noteTorn(WalEnd end) {
    note(
        StorageException.corrupt(
            end.segment(),
            end.offsetBytes(),
            "the last record is cut off, as a loss of power leaves it; etcd repairs that when it"
                + " starts, and so does cairn wal repair"));
  }

  private void note(StorageException damaged) {
    first = first == null ? damaged : first;
    damages++;
  }
}
