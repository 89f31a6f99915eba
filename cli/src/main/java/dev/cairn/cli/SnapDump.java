package dev.cairn.cli;

import dev.cairn.etcd.V2Document;
import dev.cairn.io.Disk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Prints what is in a {@code .snap} file, as far as it can be read. */
final class SnapDump {
  private final Disk disk;
  private final Sheet sheet;
  private StorageException damage;

  SnapDump(Disk disk, Sheet sheet) {
    this.disk = disk;
    this.sheet = sheet;
  }

  static Column[] columns() {
    return new Column[] {
      Column.number("INDEX", "index", "Index"),
      Column.number("TERM", "term", "Term"),
      Column.text("CRC STATE", "crcState", "CrcState"),
      Column.text("CONFIGURATION", "configuration", "Configuration"),
      Column.number("DOCUMENT", "documentBytes", "DocumentBytes"),
      Column.text("VERSION", "clusterVersion", "ClusterVersion"),
      Column.text("MEMBERS", "members", "Members"),
      Column.text("REMOVED", "removed", "Removed")
    };
  }

  /**
   * Prints one row, and then fails if something was damaged.
   *
   * @throws StorageException {@code corrupt}, or as the disk's calls
   */
  void print(Path file) {
    RaftSnapshot snapshot = read(file);
    boolean intact = damage == null;
    V2Document document = document(file, snapshot);
    sheet.only(
        RaftContent.number(snapshot.index()),
        RaftContent.number(snapshot.term()),
        Cell.of(intact ? "ok" : "mismatch"),
        RaftContent.of(snapshot.confState()).cell(),
        Cell.bytes(snapshot.data().length),
        RaftContent.text(document.clusterVersion().orElse("")),
        Content.cell(document.members().stream().map(RaftContent::of).toList()),
        Content.cell(RaftContent.ids(document.removed())));
    if (damage != null) {
      throw damage;
    }
  }

  private RaftSnapshot read(Path file) {
    try {
      return SnapFile.read(disk, file);
    } catch (StorageException failure) {
      if (failure.code() != Code.CORRUPT) {
        throw failure;
      }
      damage = failure;
      return readDamaged(file);
    }
  }

  private RaftSnapshot readDamaged(Path file) {
    try {
      return SnapFile.inspect(disk, file);
    } catch (StorageException unreadable) {
      throw damage;
    }
  }

  private V2Document document(Path file, RaftSnapshot snapshot) {
    try {
      return V2Document.read(snapshot.data());
    } catch (StorageException failure) {
      damage =
          damage == null ? StorageException.of(Code.CORRUPT, file, failure.getMessage()) : damage;
      return new V2Document(0, List.of(), List.of(), Optional.empty());
    }
  }
}
