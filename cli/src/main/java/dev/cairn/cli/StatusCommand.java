package dev.cairn.cli;

import dev.cairn.etcd.EtcdStatus;
import dev.cairn.io.LocalDisk;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what etcdctl 3.4 and 3.5 print of a snapshot, for an image of any engine. */
@Command(
    name = "status",
    header = "Print hash, revision, keys and size, as etcdctl does.",
    description = {
      "Print hash, revision, total keys and total size as etcdctl 3.4 and 3.5 do, for an image of",
      "any engine or a store. Changes no byte of the file; does not compare its SHA-256 (verify)."
    })
final class StatusCommand implements Callable<Integer>, OneArgument {
  private final Console console;
  @Mixin private OutputOptions output;

  @Option(
      names = "--verbose",
      description = "Also: keys that live (what etcdctl 3.6 counts), format, SHA-256.")
  private boolean verbose;

  @Parameters(index = "0", paramLabel = "FILE", description = "A snapshot file or a store.")
  private Path file;

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public String complaint() {
    return "snapshot status requires exactly one argument";
  }

  @Override
  public Integer call() {
    if (!LocalDisk.INSTANCE.exists(file)) {
      throw StorageException.of(Code.NOT_FOUND, "stat " + file + ": no such file or directory");
    }
    SnapshotFile snapshot = SnapshotFile.inspect(file);
    EtcdStatus status;
    try (ReadView view = snapshot.openView(true)) {
      status = EtcdStatus.of(view);
    }
    List<Column> columns = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    asEtcdctl(columns, cells, status, snapshot);
    if (verbose) {
      more(columns, cells, status, snapshot);
    }
    output.sheet(console.out(), columns.toArray(Column[]::new)).only(cells.toArray(Cell[]::new));
    return 0;
  }

  private static void asEtcdctl(
      List<Column> columns, List<Cell> cells, EtcdStatus status, SnapshotFile snapshot) {
    long hash = Integer.toUnsignedLong(status.hash());
    columns.add(Column.number("HASH", "hash", "Hash"));
    cells.add(Cell.shown(Long.toHexString(hash), hash));
    columns.add(Column.number("REVISION", "revision", "Revision"));
    cells.add(Cell.of(status.revision()));
    columns.add(Column.number("TOTAL KEYS", "totalKey", "Keys"));
    cells.add(Cell.of(status.totalKeys()));
    columns.add(Column.number("TOTAL SIZE", "totalSize", "Size"));
    cells.add(Cell.bytes(snapshot.imageSizeBytes()));
  }

  private static void more(
      List<Column> columns, List<Cell> cells, EtcdStatus status, SnapshotFile snapshot) {
    if (status.liveKeys().isPresent()) {
      columns.add(Column.number("LIVE KEYS", "liveKeys", "LiveKeys"));
      cells.add(Cell.of(status.liveKeys().getAsLong()));
    }
    columns.add(Column.text("FORMAT", "format", "Format"));
    cells.add(Cell.of(snapshot.format()));
    columns.add(Column.text("SHA-256", "sha256", "Sha256"));
    cells.add(Cell.of(snapshot.sha256Hex().orElse("none")));
  }
}
