package dev.cairn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Logs, without the zeros behind their records, and {@code .snap} files of a real etcd 3.4.23. */
final class RaftFile {
  static final String SEGMENT = "0000000000000000-0000000000000000.wal";

  private RaftFile() {}

  static byte[] bytes(String fixture, String name) {
    try (InputStream in = new GZIPInputStream(resource(fixture + "/" + name + ".gz"))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Path unpack(String fixture, String name, Path directory) throws IOException {
    return Files.write(directory.resolve(name), bytes(fixture, name));
  }

  /** What a dump of a fixture prints. */
  static String expected(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream resource(String name) {
    return RaftFile.class.getResourceAsStream("/etcd/raft/" + name);
  }
}
