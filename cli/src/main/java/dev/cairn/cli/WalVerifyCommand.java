package dev.cairn.cli;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Reads a write-ahead log as a server would that starts on it. */
@Command(
    name = "verify",
    header = "Read a log as a server would that starts on it.",
    description = {
      "Read every record, compare the CRCs, and print whose log it is, the newest snapshot that it",
      "notes, the entries behind it and the hard state. The exit code is 3 when the log is damaged,",
      "and when its last record is cut off. Locks and changes nothing."
    })
final class WalVerifyCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private OutputOptions output;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "The directory of the log, or a data directory.")
  private Path path;

  WalVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Disk disk = LocalDisk.INSTANCE;
    WalStart start = WalStart.of(disk, WalDump.directory(disk, path));
    output.sheet(console.out(), WalStart.columns()).only(start.cells());
    start.check();
    return 0;
  }
}
