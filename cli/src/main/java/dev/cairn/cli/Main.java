package dev.cairn.cli;

import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The entry point of the {@code cairn} command. */
public final class Main {
  private static final int OUT_BUFFER_BYTES = 1 << 16;

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    // Read by java.util.logging when something logs for the first time, which most commands never
    // do.
    System.setProperty("java.util.logging.config.class", LogSetup.class.getName());
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new StandardOut(System.out), OUT_BUFFER_BYTES),
            false,
            StandardCharsets.UTF_8);
    Console console = new Console(out, System.err, Boolean.getBoolean("cairn.terminal"));
    int exitCode = new CairnCommandLine(console).run(args);
    System.exit(exitCode);
  }

  /**
   * Runs a command in this process, as {@code main} does but for the ending of the process.
   *
   * @param args the command line
   * @param out where data goes
   * @param err where errors, log and progress go
   * @return the exit code: 0 ok, 1 failure, 2 usage, 3 corrupt, 4 not found, 5 exists, 6
   *     unavailable or locked, 7 no space
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return new CairnCommandLine(new Console(out, err, false)).run(args);
  }
}
