package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a segment: {@code 0000000000000001-0000000000000046.wal}.
 *
 * @param sequence which segment of its log, from 0
 * @param index the first entry expected in it, 0 for the first segment
 */
public record SegmentName(long sequence, long index) {
  private static final Pattern FORM = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.wal");

  /**
   * Reads a name.
   *
   * @param file whose last part is looked at
   * @return empty for any other name
   */
  public static Optional<SegmentName> of(Path file) {
    Matcher name = FORM.matcher(String.valueOf(file.getFileName()));
    return name.matches()
        ? Optional.of(new SegmentName(hex(name.group(1)), hex(name.group(2))))
        : Optional.empty();
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }

  /**
   * The segments of a log, in order. Files of other names are not looked at.
   *
   * @param disk where
   * @param directory an existing directory
   * @return at least one path
   * @throws StorageException {@code not-found} without a segment; else as the disk's calls
   */
  public static List<Path> list(Disk disk, Path directory) {
    List<Path> segments =
        disk.list(directory).stream().filter(each -> of(each).isPresent()).toList();
    if (segments.isEmpty()) {
      throw StorageException.of(
          Code.NOT_FOUND,
          directory,
          "wal: file not found: no segment of a log (*.wal) in this directory");
    }
    return segments;
  }

  /**
   * The name of the file.
   *
   * @return to be resolved in the log's directory
   */
  public String fileName() {
    return "%016x-%016x.wal".formatted(sequence, index);
  }
}
