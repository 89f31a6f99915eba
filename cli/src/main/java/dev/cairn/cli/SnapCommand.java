package dev.cairn.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the commands on {@code .snap} files. */
@Command(
    name = "snap",
    header = "Look into what raft keeps of a snapshot.",
    synopsisSubcommandLabel = "COMMAND")
final class SnapCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ErrorLines.USAGE;
  }
}
