package dev.cairn.etcd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Bytes of an entry in a line for people: never more than a line, and never too long. */
final class EntryText {
  private static final int SHOWN_BYTES_MAX = 48;
  private static final Pattern VERSION = Pattern.compile("\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}");

  private EntryText() {}

  /** In quotes where all of it is printable ASCII, else as {@code 0x} and hex digits; cut. */
  static String of(ByteBuffer bytes) {
    byte[] shown = new byte[Math.min(bytes.remaining(), SHOWN_BYTES_MAX)];
    bytes.duplicate().get(shown);
    String cut = shown.length < bytes.remaining() ? "..(" + bytes.remaining() + " bytes)" : "";
    boolean printable = true;
    StringBuilder text = new StringBuilder();
    for (byte each : shown) {
      printable &= each >= ' ' && each <= '~';
      text.append((char) each);
    }
    return printable ? "\"" + text + "\"" + cut : "0x" + HexFormat.of().formatHex(shown) + cut;
  }

  /** The bytes as text of one character each, for comparing with names that are ASCII. */
  static String latin(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return new String(copy, StandardCharsets.ISO_8859_1);
  }

  /** Whether they are a version as etcd writes it, such as 3.4.0. */
  static boolean isVersion(ByteBuffer bytes) {
    return VERSION.matcher(latin(bytes)).matches();
  }
}
