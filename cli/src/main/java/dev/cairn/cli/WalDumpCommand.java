package dev.cairn.cli;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints every record of a write-ahead log. */
@Command(
    name = "dump",
    header = "Print every record of a log, with what is in it.",
    description = {
      "Print every record with its offset, type, CRC and content: ids, configurations, requests",
      "with their keys but without values and passwords. What cannot be read is passed over as",
      "far as possible, and the exit code is then 3. Locks and changes nothing."
    })
final class WalDumpCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private OutputOptions output;

  @Parameters(
      index = "0",
      paramLabel = "DIR|FILE",
      description = "The directory of the log, a data directory, or one segment.")
  private Path path;

  WalDumpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Disk disk = LocalDisk.INSTANCE;
    Sheet sheet = output.sheet(console.out(), WalDump.columns());
    new WalDump(disk, sheet).print(WalDump.segments(disk, path));
    return 0;
  }
}
