package dev.cairn.cli;

import java.io.PrintStream;
import picocli.CommandLine.Option;

/** {@code -w}, on every command that prints data. */
final class OutputOptions {
  @Option(
      names = {"-w", "--write-out"},
      paramLabel = "FORMAT",
      defaultValue = "simple",
      converter = Format.Parser.class,
      completionCandidates = Format.Names.class,
      description = "Output format: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Format format;

  Format format() {
    return format;
  }

  Sheet sheet(PrintStream out, Column... columns) {
    return Sheet.of(format, out, columns);
  }
}
