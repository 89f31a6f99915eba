package dev.cairn.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out data
 * @param err errors, log and progress
 * @param terminal whether a person watches {@code err}, so that a progress bar makes sense
 */
record Console(PrintStream out, PrintStream err, boolean terminal) {
  /** A line of log. */
  void log(String line) {
    err.println(line);
    err.flush();
  }
}
