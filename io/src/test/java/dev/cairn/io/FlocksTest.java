package dev.cairn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.spi.StorageException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who holds a flock, as the system lists it. */
class FlocksTest {
  private static final List<String> LINES =
      List.of(
          "1: POSIX  ADVISORY  WRITE 10 08:01:77 0 EOF",
          "2: FLOCK  ADVISORY  READ  11 08:01:77 0 EOF",
          "3: FLOCK  ADVISORY  WRITE 12 08:01:78 0 EOF",
          "3: -> FLOCK  ADVISORY  WRITE 13 08:01:79 0 EOF",
          "4: FLOCK  ADVISORY  READ  14 fd:0a:80 0 EOF",
          "5: FLOCK  ADVISORY  WRITE 15 fd:0a:80 0 EOF",
          "a line of another kind");

  @TempDir Path directory;

  private static Optional<Flocks.Holder> holder(String id) {
    return Flocks.holder(LINES, id);
  }

  @Test
  void onlyAHeldFlockOfTheFileCounts() {
    assertEquals(Optional.of(new Flocks.Holder(11, false)), holder("08:01:77"));
    assertEquals(Optional.of(new Flocks.Holder(12, true)), holder("08:01:78"));
    assertEquals(Optional.empty(), holder("08:01:79"));
    assertEquals(Optional.empty(), holder("08:02:77"));
    assertEquals(Optional.empty(), holder("08:01:7"));
  }

  @Test
  void anExclusiveHolderIsNamedFirst() {
    assertEquals(Optional.of(new Flocks.Holder(15, true)), holder("fd:0a:80"));
  }

  @Test
  void anAbsentFileIsSaidToBeAbsent() {
    assumeTrue(Files.exists(Path.of("/proc/locks")), "the system lists no locks");
    Path absent = directory.resolve("absent");
    StorageException refused = assertThrows(StorageException.class, () -> Flocks.holder(absent));
    assertEquals(StorageException.Code.NOT_FOUND, refused.code());
  }

  /** Another process takes one, exclusive and shared, and lets it go. */
  @Test
  void anotherProcessesFlockIsSeen() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/locks")) && isOnPath("flock"), "no flock to be seen");
    Path file = Files.createFile(directory.resolve("file"));
    assertEquals(Optional.empty(), Flocks.holder(file));
    for (boolean exclusive : new boolean[] {true, false}) {
      Process holder = hold(file, exclusive ? "-x" : "-s");
      try {
        assertEquals(exclusive, Flocks.holder(file).orElseThrow().exclusive());
      } finally {
        holder.getOutputStream().close();
        holder.waitFor();
      }
      assertEquals(Optional.empty(), Flocks.holder(file));
    }
  }

  /** Holds it until its input ends. */
  private static Process hold(Path file, String kind) throws IOException {
    Process process =
        new ProcessBuilder("flock", kind, file.toString(), "sh", "-c", "echo held; cat").start();
    assertEquals('h', process.getInputStream().read());
    return process;
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
