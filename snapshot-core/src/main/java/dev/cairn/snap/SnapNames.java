package dev.cairn.snap;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the files in a directory of snapshots are called. */
final class SnapNames {
  static final String SNAP_SUFFIX = ".snap";
  static final String BROKEN_SUFFIX = ".broken";
  private static final int HEX = 16;
  private static final String NUMBER = "[0-9a-f]{16}";
  private static final Pattern SNAP = Pattern.compile(NUMBER + "-(" + NUMBER + ")\\.snap");
  private static final Pattern DATABASE = Pattern.compile("(" + NUMBER + ")\\.snap\\.db");

  private SnapNames() {}

  static String database(long index) {
    return "%016x.snap.db".formatted(index);
  }

  /** Begins as etcd's do, which removes them on starting as this code does. */
  static String temporary(long index, long number) {
    return "tmp%016x-%d".formatted(index, number);
  }

  /**
   * What an unfinished save or receipt has left: {@code db.tmp*} is etcd's alone, and {@code .part}
   * that of our atomic files.
   */
  static boolean isOrphan(Path file) {
    String name = text(file);
    return name.startsWith("tmp")
        || name.startsWith("db.tmp")
        || name.endsWith(SNAP_SUFFIX + ".part");
  }

  static boolean endsAsSnap(Path file) {
    return text(file).endsWith(SNAP_SUFFIX);
  }

  /** Of which entry a {@code .snap} is, by its name; empty for every other name. */
  static OptionalLong snapIndex(Path file) {
    return index(SNAP, file);
  }

  /** Of which entry a {@code .snap.db} is; empty for every other name. */
  static OptionalLong databaseIndex(Path file) {
    return index(DATABASE, file);
  }

  private static OptionalLong index(Pattern pattern, Path file) {
    Matcher name = pattern.matcher(text(file));
    return name.matches()
        ? OptionalLong.of(Long.parseUnsignedLong(name.group(1), HEX))
        : OptionalLong.empty();
  }

  private static String text(Path file) {
    return file.getFileName().toString();
  }
}
