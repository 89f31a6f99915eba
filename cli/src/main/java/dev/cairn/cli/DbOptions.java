package dev.cairn.cli;

import dev.cairn.io.LocalDisk;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.Engines;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --db} and {@code --engine}, on every command that looks into what is there. */
final class DbOptions {
  @Option(
      names = "--db",
      required = true,
      paramLabel = "FILE",
      description = "The store's main file; what only looks takes a snapshot file as well.")
  private Path file;

  @Option(
      names = "--engine",
      paramLabel = "E",
      description = "Take the file for one of this engine; by default the file tells.")
  private String engine;

  Path file() {
    return file;
  }

  /** The engine that was named, or null: the file tells. */
  String engine() {
    return engine;
  }

  /** What the file holds, to be read without changing a byte of it. */
  SnapshotFile inspect() {
    return engine == null
        ? SnapshotFile.inspect(file)
        : SnapshotFile.inspect(LocalDisk.INSTANCE, file, Engines.named(engine));
  }
}
