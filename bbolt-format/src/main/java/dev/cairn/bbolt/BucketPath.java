package dev.cairn.bbolt;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How the path of a bucket is shown. */
final class BucketPath {
  private static final int SHOWN_BYTES_MAX = 64;

  private BucketPath() {}

  static String of(byte[] name) {
    for (byte b : name) {
      if (b <= 0x20 || b == 0x7f || b == '/') {
        return hex(name);
      }
    }
    return name.length > SHOWN_BYTES_MAX
        ? new String(name, 0, SHOWN_BYTES_MAX, StandardCharsets.US_ASCII) + "..."
        : new String(name, StandardCharsets.US_ASCII);
  }

  static String of(String parent, byte[] name) {
    return parent.isEmpty() ? of(name) : parent + "/" + of(name);
  }

  private static String hex(byte[] name) {
    int shown = Math.min(name.length, SHOWN_BYTES_MAX);
    String digits = "0x" + HexFormat.of().formatHex(name, 0, shown);
    return shown == name.length ? digits : digits + "...";
  }
}
