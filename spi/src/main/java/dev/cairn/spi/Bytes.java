package dev.cairn.spi;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How byte strings are shown in messages. */
final class Bytes {
  private static final int SHOWN_MAX = 64;

  private Bytes() {}

  static String printable(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0x20 || b == 0x7f) {
        return hex(bytes);
      }
    }
    return cut(new String(bytes, StandardCharsets.US_ASCII), SHOWN_MAX);
  }

  static String hex(byte[] bytes) {
    int shown = Math.min(bytes.length, SHOWN_MAX / 2);
    String digits = "0x" + HexFormat.of().formatHex(bytes, 0, shown);
    return shown == bytes.length ? digits : digits + "...";
  }

  private static String cut(String text, int lengthMax) {
    return text.length() <= lengthMax ? text : text.substring(0, lengthMax) + "...";
  }
}
