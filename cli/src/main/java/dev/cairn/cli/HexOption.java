package dev.cairn.cli;

import picocli.CommandLine.Option;

/** {@code --hex}, on every command that names buckets and keys. */
final class HexOption {
  @Option(
      names = "--hex",
      description = "Buckets, keys and values are hex digits, given and printed.")
  private boolean hex;

  BytesText text() {
    return new BytesText(hex);
  }
}
