package dev.cairn.etcd;

import java.util.List;
import java.util.stream.Collectors;

/** Strings as Go writes them, byte by byte: etcd's files and messages hold such text. */
final class GoText {
  private static final String HTML = "<>&\u2028\u2029";

  private GoText() {}

  /** A JSON string. What would have a meaning in HTML is escaped as well. */
  static String json(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(point -> appendJson(json, point));
    return json.append('"').toString();
  }

  private static void appendJson(StringBuilder json, int point) {
    switch (point) {
      case '"', '\\' -> json.append('\\').append((char) point);
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      default -> {
        boolean lone = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        if (lone) {
          json.append("\\ufffd");
        } else if (point < 0x20 || HTML.indexOf(point) >= 0) {
          json.append("\\u%04x".formatted(point));
        } else {
          json.appendCodePoint(point);
        }
      }
    }
  }

  static String json(List<String> texts) {
    return texts.stream().map(GoText::json).collect(Collectors.joining(",", "[", "]"));
  }

  /** As the verb {@code %q} prints a string. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(point -> appendQuoted(quoted, point));
    return quoted.append('"').toString();
  }

  private static void appendQuoted(StringBuilder quoted, int point) {
    switch (point) {
      case '"', '\\' -> quoted.append('\\').append((char) point);
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      default -> {
        if (point < 0x20 || point == 0x7f) {
          quoted.append("\\x%02x".formatted(point));
        } else {
          quoted.appendCodePoint(point);
        }
      }
    }
  }

  /** As the verb {@code %q} prints a list of strings. */
  static String quoted(List<String> texts) {
    return texts.stream().map(GoText::quoted).collect(Collectors.joining(" ", "[", "]"));
  }
}
