package dev.cairn.cli;

import dev.cairn.io.LocalDisk;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints what is in a {@code .snap} file. */
@Command(
    name = "dump",
    header = "Print what is in a .snap file: its entry, configuration and members.",
    description = {
      "Print the entry that the snapshot ends with, the configuration as of it, and the members",
      "in its v2 document. The exit code is 3 when the CRC or the document is wrong. Changes",
      "nothing."
    })
final class SnapDumpCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private OutputOptions output;

  @Parameters(index = "0", paramLabel = "FILE", description = "A .snap file.")
  private Path file;

  SnapDumpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Sheet sheet = output.sheet(console.out(), SnapDump.columns());
    new SnapDump(LocalDisk.INSTANCE, sheet).print(file);
    return 0;
  }
}
