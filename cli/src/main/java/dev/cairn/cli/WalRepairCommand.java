package dev.cairn.cli;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.wal.SegmentName;
import dev.cairn.wal.Wal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Cuts half a record off a write-ahead log. */
@Command(
    name = "repair",
    header = "Cut off the half record that a loss of power left at the end of a log.",
    description = {
      "The last segment is copied before, to its name with .broken behind it. Nothing that was",
      "acknowledged is lost. Damage of any other kind is not repaired: nothing is changed then, and",
      "the exit code is 3. It is 6 while a server has the log open."
    })
final class WalRepairCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private OutputOptions output;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "The directory of the log, or a data directory.")
  private Path path;

  WalRepairCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Disk disk = LocalDisk.INSTANCE;
    Path directory = WalDump.directory(disk, path);
    boolean repaired = Wal.repair(disk, directory);
    List<Path> segments = SegmentName.list(disk, directory);
    Path last = segments.get(segments.size() - 1);
    output
        .sheet(
            console.out(),
            Column.text("SEGMENT", "segment", "Segment"),
            Column.text("REPAIRED", "repaired", "Repaired"),
            Column.number("SIZE", "sizeBytes", "SizeBytes"))
        .only(
            Cell.of(last.getFileName().toString()),
            new Cell(repaired ? "repaired" : "nothing to repair", repaired),
            Cell.bytes(disk.sizeBytes(last)));
    WalStart.of(disk, directory).check();
    return 0;
  }
}
