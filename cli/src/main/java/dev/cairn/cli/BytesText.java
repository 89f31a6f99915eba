package dev.cairn.cli;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Byte strings as words of a command line and as lines of output. */
final class BytesText {
  private final boolean hex;

  /** Hex digits both ways, or text: UTF-8 in; out with all but printable ASCII escaped. */
  BytesText(boolean hex) {
    this.hex = hex;
  }

  byte[] parse(String word) {
    if (!hex) {
      return word.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return HexFormat.of().parseHex(word);
    } catch (IllegalArgumentException wrong) {
      throw StorageException.of(Code.LIMIT, "\"" + word + "\" is not pairs of hex digits");
    }
  }

  String show(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return show(copy);
  }

  String show(byte[] bytes) {
    return hex ? HexFormat.of().formatHex(bytes) : escaped(bytes);
  }

  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b == '\\') {
        text.append("\\\\");
      } else if (b >= 0x20 && b < 0x7f) {
        text.append((char) b);
      } else {
        text.append("\\x").append(HexFormat.of().toHexDigits(b));
      }
    }
    return text.toString();
  }
}
