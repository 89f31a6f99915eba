package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

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

  static Result run(Object... words) {
    String[] args = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      args[i] = String.valueOf(words[i]);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(
            args,
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    return new Result(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }
}
