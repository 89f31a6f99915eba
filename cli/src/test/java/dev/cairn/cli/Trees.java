package dev.cairn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a directory, so that a test can tell whether a command changed a byte of it. */
final class Trees {
  private Trees() {}

  /** Names of all files and directories below, with the hash of each file. */
  static Map<String, String> of(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String name = root.relativize(path).toString();
        tree.put(name, content(path));
      }
    }
    return tree;
  }

  /** A lock file's bytes say who has the store open, and nothing once nobody has. */
  private static String content(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return "directory";
    }
    return path.toString().endsWith("-lock") ? "lock" : sha256(path);
  }

  static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
