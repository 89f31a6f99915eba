package dev.cairn.benchmarks.bbolt;

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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Builds {@code main.go} against bbolt's sources as Debian's {@code golang-github-coreos-bbolt-dev}
 * installs them, without a network.
 */
final class GoProgram {
  private static final Path GO_PATH = Path.of("/usr/share/gocode");
  private static final Path SOURCES = GO_PATH.resolve("src/go.etcd.io/bbolt");
  private static final Path GO_HOME = Path.of("/usr/local/go/bin");
  private static final String SOURCE = "main.go";

  private GoProgram() {}

  /** Go itself; empty where it or bbolt's sources are not installed. */
  static Optional<Path> go() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of),
            Stream.of(GO_HOME))
        .map(folder -> folder.resolve("go"))
        .filter(Files::isExecutable)
        .findFirst()
        .filter(found -> Files.isDirectory(SOURCES));
  }

  /** The program, built in a folder where nothing else is called so. */
  static Path build(Path go, Path folder) {
    Path source = folder.resolve(SOURCE);
    Path program = folder.resolve("bboltwork").toAbsolutePath();
    write(source);
    try {
      WorkProcess.run(
          folder,
          Map.of(
              "GO111MODULE",
              "off",
              "GOPATH",
              GO_PATH.toString(),
              "GOFLAGS",
              "",
              "CGO_ENABLED",
              "0",
              "GOCACHE",
              cache(folder)),
          go.toString(),
          "build",
          "-o",
          program.toString(),
          source.toAbsolutePath().toString());
    } finally {
      LocalDisk.INSTANCE.delete(source);
    }
    return program;
  }

  /** Go's own place, so that a second build is quick; it depends on a home directory. */
  private static String cache(Path folder) {
    String given = System.getenv("GOCACHE");
    if (given != null) {
      return given;
    }
    String home = System.getenv("HOME");
    Path parent = home == null ? folder.toAbsolutePath() : Path.of(home, ".cache");
    return parent.resolve("go-build").toString();
  }

  private static void write(Path file) {
    try (InputStream in = GoProgram.class.getResourceAsStream(SOURCE);
        DiskFile out = LocalDisk.INSTANCE.open(file, Disk.Mode.CREATE)) {
      byte[] text = in.readAllBytes();
      out.setLength(text.length);
      out.write(0, ByteBuffer.wrap(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
