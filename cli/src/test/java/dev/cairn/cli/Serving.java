package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** {@code cairn serve} on a thread of this process; closed as by a signal. */
final class Serving implements AutoCloseable {
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Thread thread;
  private final String endpoint;
  private final String httpEndpoint;

  /** Runs a command line that serves. */
  interface Command {
    int run(String[] args, PrintStream out);
  }

  /** Serves on a free port; returns when it listens. */
  Serving(Object... words) throws IOException {
    this((args, out) -> Main.run(args, out, System.err), words);
  }

  /** The same with a command of the test's own. */
  Serving(Command command, Object... words) throws IOException {
    List<String> args = new ArrayList<>(List.of("serve"));
    if (!List.of(words).contains("--listen")) {
      args.addAll(List.of("--listen", "127.0.0.1:0"));
    }
    for (Object word : words) {
      args.add(String.valueOf(word));
    }
    PipedInputStream fromOut = new PipedInputStream();
    OutputStream toOut = new PipedOutputStream(fromOut);
    thread = new Thread(() -> exitCode.complete(run(command, args, toOut)), "serve");
    thread.start();
    endpoint = line(fromOut);
    httpEndpoint = args.contains("--http-listen") ? line(fromOut) : "";
  }

  private static int run(Command command, List<String> args, OutputStream out) {
    try (PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      return command.run(args.toArray(String[]::new), printed);
    }
  }

  private static String line(PipedInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("serve ended before it told its address");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  String endpoint() {
    return endpoint;
  }

  /** The second line, where there is one. */
  String httpEndpoint() {
    return httpEndpoint;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      assertEquals(0, exitCode.get());
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
