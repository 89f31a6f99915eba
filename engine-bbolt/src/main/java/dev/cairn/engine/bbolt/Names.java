package dev.cairn.engine.bbolt;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How names of buckets of any length are shown in messages. */
final class Names {
  private static final int SHOWN_BYTES_MAX = 64;

  private Names() {}

  /** As text where all of it is printable ASCII without a slash, else as hex digits. */
  static String of(byte[] name) {
    int shown = Math.min(name.length, SHOWN_BYTES_MAX);
    boolean printable = true;
    for (byte b : name) {
      printable &= b > 0x20 && b != 0x7f && b != '/';
    }
    String text =
        printable
            ? new String(name, 0, shown, StandardCharsets.US_ASCII)
            : "0x" + HexFormat.of().formatHex(name, 0, shown);
    return shown == name.length ? text : text + "...";
  }

  /** A bucket within a bucket. */
  static String path(byte[] parent, byte[] name) {
    return of(parent) + "/" + of(name);
  }
}
