package dev.cairn.io;

import dev.cairn.spi.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flock(2) locks that processes of this machine hold, as Linux lists them. A Java file lock is
 * of another kind: the two neither see nor hinder each other.
 */
public final class Flocks {
  private static final Path LIST = Path.of("/proc/locks");

  /**
   * Somebody who holds a file.
   *
   * @param pid the process that took it, as it numbers itself
   * @param exclusive whether it is held against readers too
   */
  public record Holder(long pid, boolean exclusive) {}

  private Flocks() {}

  /**
   * Who holds a flock on a file.
   *
   * @param file an existing file
   * @return one of the holders, an exclusive one where there is one; empty when nobody does, and on
   *     systems that do not tell
   * @throws StorageException {@code not-found} or {@code io}
   */
  public static Optional<Holder> holder(Path file) {
    if (!Files.exists(LIST)) {
      return Optional.empty();
    }
    try {
      return holder(Files.readAllLines(LIST, StandardCharsets.US_ASCII), id(file));
    } catch (UnsupportedOperationException | IllegalArgumentException noUnixFile) {
      return Optional.empty();
    } catch (IOException e) {
      throw DiskFailures.of(file, "its locks cannot be looked at", e);
    }
  }

  /** The file as the list names it: device numbers in hex, inode in decimal. */
  private static String id(Path file) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
    long device = ((Number) attributes.get("dev")).longValue();
    long major = device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
    long minor = device & 0xff | device >>> 12 & 0xffffff00L;
    return String.format("%02x:%02x:%s", major, minor, attributes.get("ino"));
  }

  /** A line: {@code 1: FLOCK ADVISORY WRITE <pid> <id> <start> <end>}; one that waits has "->". */
  static Optional<Holder> holder(List<String> lines, String id) {
    Holder found = null;
    for (String line : lines) {
      String[] words = line.strip().split("\\s+");
      if (words.length >= 6 && words[1].equals("FLOCK") && words[5].equals(id)) {
        Holder holder = new Holder(Long.parseLong(words[4]), words[3].equals("WRITE"));
        found = found == null || holder.exclusive ? holder : found;
      }
    }
    return Optional.ofNullable(found);
  }
}
