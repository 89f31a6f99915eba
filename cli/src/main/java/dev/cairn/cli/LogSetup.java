package dev.cairn.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * What the process logs: warnings of Cairn, one line each on stderr, and nothing of the libraries
 * beneath, whose warnings are not addressed to the user of a command. {@code --debug} shows all.
 * Public for {@link LogManager}, which makes one when something logs for the first time.
 */
public final class LogSetup {
  /** The system property that {@code --debug} sets. */
  static final String DEBUG = "cairn.debug";

  private static final String QUIET =
      """
      handlers=java.util.logging.ConsoleHandler
      java.util.logging.ConsoleHandler.level=ALL
      java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
      java.util.logging.SimpleFormatter.format=%4$s: %5$s%n
      .level=OFF
      dev.cairn.level=WARNING
      """;
  private static final String LOUD =
      """
      handlers=java.util.logging.ConsoleHandler
      java.util.logging.ConsoleHandler.level=ALL
      java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
      java.util.logging.SimpleFormatter.format=%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n
      .level=INFO
      """;

  /**
   * Sets the log up.
   *
   * @throws IOException never: the text is in memory
   */
  public LogSetup() throws IOException {
    String text = Boolean.getBoolean(DEBUG) ? LOUD : QUIET;
    LogManager.getLogManager()
        .readConfiguration(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
