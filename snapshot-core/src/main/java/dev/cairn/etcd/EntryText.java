package dev.cairn.etcd;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Bytes of an entry in a line for people: never more than a line, and never too long. */
final class EntryText {
  private static final int SHOWN_BYTES_MAX = 48;

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
    return new String(copy, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
