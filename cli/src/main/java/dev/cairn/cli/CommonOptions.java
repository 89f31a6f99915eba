package dev.cairn.cli;

import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private boolean debug;

  @Option(
      names = "--debug",
      description = "Show the stack trace of an error, and the log of the libraries.")
  void setDebug(boolean on) {
    debug |= on;
    if (on) {
      System.setProperty(LogSetup.DEBUG, "true");
    }
  }

  boolean debug() {
    return debug;
  }
}
