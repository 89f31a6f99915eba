package dev.cairn.cli;

import java.util.Locale;

/** Byte counts for people. */
final class Sizes {
  private static final String[] DECIMAL = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Sizes() {}

  /**
   * As etcdctl prints sizes: powers of 1000, one decimal below 10; a half goes to the even digit.
   */
  static String decimal(long bytes) {
    if (bytes < 10) {
      return bytes + " B";
    }
    int power = 0;
    double scaled = bytes;
    while (scaled >= 1000 && power < DECIMAL.length - 1) {
      scaled /= 1000;
      power++;
    }
    double tenths = Math.floor(scaled * 10 + 0.5) / 10;
    return tenths < 10
        ? String.format(Locale.ROOT, "%.1f %s", tenths, DECIMAL[power])
        : String.format(Locale.ROOT, "%.0f %s", Math.rint(tenths), DECIMAL[power]);
  }

  /** Whole powers of 1024 where the count is one, for limits. */
  static String binary(long bytes) {
    int power = 0;
    long scaled = bytes;
    while (scaled >= 1024 && scaled % 1024 == 0 && power < BINARY.length - 1) {
      scaled /= 1024;
      power++;
    }
    return scaled + " " + BINARY[power];
  }
}
