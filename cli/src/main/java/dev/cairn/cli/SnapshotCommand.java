package dev.cairn.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the commands on snapshots. */
@Command(
    name = "snapshot",
    header = "Save, inspect, verify, restore and convert snapshots.",
    synopsisSubcommandLabel = "COMMAND")
final class SnapshotCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ErrorLines.USAGE;
  }
}
