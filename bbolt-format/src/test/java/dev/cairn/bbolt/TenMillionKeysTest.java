package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 64 MiB of heap are enough for any number of keys, to build an image and to read it. */
class TenMillionKeysTest {
  @TempDir Path directory;

  @Test
  void underSixtyFourMebibytes() throws Exception {
    int keys = TestRun.count(300_000, 10_000_000);
    Path log = directory.resolve("child.log");
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ManyKeys.class.getName(),
                    Integer.toString(keys),
                    directory.resolve("many.db").toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    child.getOutputStream().close();
    if (!child.waitFor(30, TimeUnit.MINUTES)) {
      child.destroyForcibly().waitFor();
    }
    String output = Files.readString(log);
    System.out.print(output);
    assertEquals(0, child.exitValue(), output);
    TestRun.report("keys under -Xmx64m", keys);
  }
}
