package dev.cairn.snapshot;

import dev.cairn.io.LocalDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a directory of a test, to see that nothing has changed. */
final class Trees {
  private Trees() {}

  /** Every path below, with the content hash of files. */
  static Map<String, String> of(Path directory) {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String what =
            Files.isDirectory(path)
                ? "directory"
                : Received.of(0, Sha256.start().digest(Files.readAllBytes(path))).sha256Hex();
        all.put(directory.relativize(path).toString(), what);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  static void delete(Path directory) {
    Directories.deleteTree(LocalDisk.INSTANCE, directory);
  }
}
