package dev.cairn.benchmarks;

import dev.cairn.io.AtomicFile;
import dev.cairn.io.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks and writes two files: JMH's own JSON and a page with tables.
 *
 * <pre>
 * Benchmarks short|full DIRECTORY MACHINE COMMIT [PATTERN]
 * </pre>
 */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * Runs what is asked for.
   *
   * @param args how long, where the files go, what they are called, and which benchmarks
   * @throws RunnerException when one of them fails
   * @throws IOException when the page cannot be written
   */
  public static void main(String[] args) throws RunnerException, IOException {
    if (args.length < 4) {
      System.err.println("usage: short|full DIRECTORY MACHINE COMMIT [PATTERN]");
      System.exit(2);
    }
    String name = LocalDate.now() + "-" + args[2] + "-" + args[3];
    Path directory = Path.of(args[1]);
    ChainedOptionsBuilder options = options(args[0].equals("full"));
    options.include(args.length > 4 ? args[4] : "dev\\.cairn\\.benchmarks\\..*");
    options.resultFormat(ResultFormatType.JSON);
    options.result(directory.resolve(name + ".json").toString());
    Collection<RunResult> results = new Runner(options.build()).run();
    write(directory.resolve(name + ".md"), ResultPage.of(name, args[0], results));
  }

  private static ChainedOptionsBuilder options(boolean full) {
    return new OptionsBuilder()
        .shouldFailOnError(true)
        .forks(full ? 3 : 1)
        .warmupIterations(full ? 5 : 1)
        .warmupTime(seconds(full ? 2 : 1))
        .measurementIterations(full ? 10 : 3)
        .measurementTime(seconds(full ? 2 : 1))
        .timeout(TimeValue.minutes(10));
  }

  private static TimeValue seconds(int count) {
    return new TimeValue(count, TimeUnit.SECONDS);
  }

  private static void write(Path file, String text) throws IOException {
    try (AtomicFile out = AtomicFile.createReadable(LocalDisk.INSTANCE, file)) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      out.commit();
    }
  }
}
