package dev.cairn.testkit;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * bbolt itself as the judge of files that claim to be its own: a {@code bbolt} on the PATH, else a
 * small program that is built from bbolt's sources where these and Go are installed (Debian's
 * {@code golang-go} and {@code golang-github-coreos-bbolt-dev}). Immutable.
 */
public final class BboltTool {
  private static final Path GO_PATH = Path.of("/usr/share/gocode");
  private static final Path SOURCES = GO_PATH.resolve("src/go.etcd.io/bbolt");
  private static final Path GO_HOME = Path.of("/usr/local/go/bin");
  private static final String PROGRAM = "bboltcheck/main.go";
  private static final long PATIENCE_SECONDS = 300;
  private static final int COPY_BYTES = 1 << 20;

  /**
   * What a run of the tool came to.
   *
   * @param exitCode 0 when nothing is wrong
   * @param output what it printed
   */
  public record Outcome(int exitCode, String output) {
    /**
     * Whether nothing is wrong.
     *
     * @return true when it ended with 0
     */
    public boolean sound() {
      return exitCode == 0;
    }
  }

  private final Path program;
  private final Path directory;

  private BboltTool(Path program, Path directory) {
    this.program = program;
    this.directory = directory;
  }

  /**
   * Looks for the tool, and builds it where it has to be built.
   *
   * @param directory an existing directory for the program and for copies of what is checked
   * @return the tool; empty where neither bbolt nor Go with its sources is installed
   */
  public static Optional<BboltTool> find(Path directory) {
    Optional<Path> installed = onPath("bbolt");
    if (installed.isPresent()) {
      return installed.map(found -> new BboltTool(found, directory));
    }
    return program(directory, "bboltcheck", source()).map(built -> new BboltTool(built, directory));
  }

  /**
   * Builds a program that uses bbolt as a library, where Go and bbolt's sources are installed.
   *
   * @param directory an existing directory for the program
   * @param name what it is called
   * @param source its one file of Go
   * @return the program; empty where it cannot be built for want of Go or of the sources
   */
  public static Optional<Path> program(Path directory, String name, byte[] source) {
    Optional<Path> go =
        onPath("go").or(() -> Optional.of(GO_HOME.resolve("go")).filter(Files::isExecutable));
    return go.filter(found -> Files.isDirectory(SOURCES))
        .map(found -> build(found, directory, name, source));
  }

  private static Optional<Path> onPath(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Path build(Path go, Path directory, String name, byte[] text) {
    Path source = directory.resolve(name + ".go");
    Path program = directory.resolve(name).toAbsolutePath();
    write(source, ByteBuffer.wrap(text));
    ProcessBuilder build =
        new ProcessBuilder(
            go.toString(), "build", "-o", program.toString(), source.toAbsolutePath().toString());
    build.environment().put("GO111MODULE", "off");
    build.environment().put("GOPATH", GO_PATH.toString());
    build.environment().put("GOFLAGS", "");
    build.environment().put("CGO_ENABLED", "0");
    build.environment().putIfAbsent("GOCACHE", goCache(directory));
    Outcome outcome = run(build, directory.resolve(name + ".out"));
    if (!outcome.sound()) {
      throw new IllegalStateException(name + " cannot be built: " + outcome.output());
    }
    return program;
  }

  /** Go's own place, so that a second build is quick; it depends on a home directory. */
  private static String goCache(Path directory) {
    String home = System.getenv("HOME");
    Path parent = home == null ? directory.toAbsolutePath() : Path.of(home, ".cache");
    return parent.resolve("go-build").toString();
  }

  private static byte[] source() {
    try (InputStream in = BboltTool.class.getResourceAsStream(PROGRAM)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs bbolt's own check on a copy of a file: some versions write to what they check.
   *
   * @param file any file
   * @return what the check says
   */
  public Outcome check(Path file) {
    Path copy = directory.resolve(file.getFileName() + ".checked");
    Path output = directory.resolve(file.getFileName() + ".out");
    copy(file, copy);
    try {
      return run(new ProcessBuilder(program.toString(), "check", copy.toString()), output);
    } finally {
      LocalDisk.INSTANCE.delete(output);
      LocalDisk.INSTANCE.delete(copy);
    }
  }

  private static void copy(Path from, Path to) {
    LocalDisk.INSTANCE.delete(to);
    ByteBuffer piece = ByteBuffer.allocate(COPY_BYTES);
    try (DiskFile in = LocalDisk.INSTANCE.open(from, Disk.Mode.READ);
        DiskFile out = LocalDisk.INSTANCE.open(to, Disk.Mode.CREATE_NEW)) {
      long at = 0;
      while (in.read(at, piece.clear()) > 0) {
        int length = piece.flip().remaining();
        out.write(at, piece);
        at += length;
      }
    }
  }

  private static void write(Path file, ByteBuffer bytes) {
    LocalDisk.INSTANCE.delete(file);
    try (DiskFile out = LocalDisk.INSTANCE.open(file, Disk.Mode.CREATE_NEW)) {
      out.write(0, bytes);
    }
  }

  /** The output goes to a file: waiting for the end of a pipe would have no end of its own. */
  private static Outcome run(ProcessBuilder command, Path output) {
    try {
      command.redirectErrorStream(true).redirectOutput(output.toFile());
      Process process = command.start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(command.command() + " does not end");
      }
      return new Outcome(process.exitValue(), Files.readString(output).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The program that judges, for the log. */
  @Override
  public String toString() {
    return program.toString();
  }
}
