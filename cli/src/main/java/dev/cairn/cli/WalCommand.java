package dev.cairn.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the commands on write-ahead logs. */
@Command(
    name = "wal",
    header = "Look into etcd's write-ahead log, and repair it.",
    synopsisSubcommandLabel = "COMMAND")
final class WalCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ErrorLines.USAGE;
  }
}
