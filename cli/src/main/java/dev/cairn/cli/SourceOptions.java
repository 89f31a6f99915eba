package dev.cairn.cli;

import picocli.CommandLine.Option;

/** How a source is read that is turned into another store. */
final class SourceOptions {
  @Option(
      names = "--drop-sequences",
      description = "Leave out the sequences a bbolt file may have; by default they are refused.")
  private boolean dropSequences;

  boolean dropSequences() {
    return dropSequences;
  }
}
