package dev.cairn.benchmarks.bbolt;

import dev.cairn.io.LocalDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
final class WorkProcess {
  private static final long PATIENCE_MINUTES = 60;

  private WorkProcess() {}

  /**
   * What it printed; to a file meanwhile, as waiting for the end of a pipe would have no end of its
   * own.
   *
   * @param folder for that file
   * @param environment added to this process's
   * @throws IllegalStateException when it fails or does not end
   */
  static String run(Path folder, Map<String, String> environment, String... command) {
    Path output = folder.resolve("output-" + ProcessHandle.current().pid());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.redirectOutput(output.toFile()).start();
      await(process);
      String text = Files.readString(output);
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            command[0] + " ended with " + process.exitValue() + ": " + text.strip());
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      LocalDisk.INSTANCE.delete(output);
    }
  }

  private static void await(Process process) throws IOException {
    boolean ended = false;
    try {
      process.getOutputStream().close();
      ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!ended) {
        process.destroyForcibly();
      }
    }
    if (!ended) {
      throw new IllegalStateException("process " + process.pid() + " was waited for in vain");
    }
  }
}
