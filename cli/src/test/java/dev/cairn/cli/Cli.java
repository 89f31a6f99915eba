package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs commands in this process and keeps what they print. */
final class Cli {
  private Cli() {}

  /** What a command came to. */
  record Result(int exitCode, byte[] outBytes, String err) {
    String out() {
      return new String(outBytes, StandardCharsets.UTF_8);
    }

    /** The last line of stdout. */
    String lastLine() {
      String[] lines = out().strip().split("\n");
      return lines[lines.length - 1];
    }

    /** Ended well and without a word of error. */
    Result ok() {
      assertEquals(0, exitCode, err);
      assertEquals("", err);
      return this;
    }

    /** Ended with this code and exactly one line of error that holds each of these words. */
    Result failed(int expectedCode, String... words) {
      assertEquals(expectedCode, exitCode, err + out());
      assertTrue(err.startsWith("Error: ") && err.endsWith("\n"), err);
      assertEquals(1, err.lines().count(), err);
      for (String word : words) {
        assertTrue(err.contains(word), "no \"" + word + "\" in: " + err);
      }
      return this;
    }
  }

  /** On a busy machine the first connection of a process takes longer than the 5 s of a user. */
  private static boolean dials(List<String> args) {
    return (args.contains("--endpoint") || args.contains("--endpoints"))
        && args.stream().noneMatch(each -> each.startsWith("--dial-timeout"));
  }

  static Result run(Object... words) {
    List<String> args = new ArrayList<>();
    for (Object word : words) {
      args.add(String.valueOf(word));
    }
    if (dials(args)) {
      args.add("--dial-timeout=60s");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(
            args.toArray(String[]::new),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    return new Result(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }
}
