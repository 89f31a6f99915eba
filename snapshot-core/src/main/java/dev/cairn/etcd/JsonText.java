package dev.cairn.etcd;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the small JSON objects in etcd's buckets: strictly, with bounds on length and depth.
 * Numbers stay as they are written, because ids do not fit a double.
 */
final class JsonText {
  private static final int BYTES_MAX = 1 << 20;
  private static final int DEPTH_MAX = 16;
  private static final String ESCAPED = "\"\\/bfnrt";
  private static final String UNESCAPED = "\"\\/\b\f\n\r\t";

  /**
   * A number.
   *
   * @param text as it is written
   */
  record Digits(String text) {
    boolean isUnsignedLong() {
      try {
        Long.parseUnsignedLong(text);
        return true;
      } catch (NumberFormatException e) {
        return false;
      }
    }
  }

  /** The bytes are no JSON. Kept within this class, and so without a stack. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super(null, null, false, false);
    }
  }

  private final String text;
  private int at;

  private JsonText(String text) {
    this.text = text;
  }

  /** The members of an object: null, Boolean, String, Digits, List, Map. Null on other bytes. */
  static Map<String, Object> object(ByteBuffer bytes) {
    if (bytes.remaining() > BYTES_MAX) {
      return null;
    }
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
      JsonText json = new JsonText(decoded);
      json.expect('{');
      Map<String, Object> object = json.members(0);
      json.skipBlanks();
      return json.at == decoded.length() ? object : null;
    } catch (CharacterCodingException | Malformed e) {
      return null;
    }
  }

  private Object value(int depth) throws Malformed {
    if (depth > DEPTH_MAX) {
      throw new Malformed();
    }
    skipBlanks();
    char first = next();
    return switch (first) {
      case '{' -> members(depth);
      case '[' -> elements(depth);
      case '"' -> string();
      case 't' -> word("rue", Boolean.TRUE);
      case 'f' -> word("alse", Boolean.FALSE);
      case 'n' -> word("ull", null);
      default -> digits();
    };
  }

  private Map<String, Object> members(int depth) throws Malformed {
    Map<String, Object> members = new HashMap<>();
    if (isNext('}')) {
      return members;
    }
    do {
      expect('"');
      String name = string();
      expect(':');
      Object value = value(depth + 1);
      if (members.containsKey(name)) {
        throw new Malformed();
      }
      members.put(name, value);
    } while (isNext(','));
    expect('}');
    return members;
  }

  private List<Object> elements(int depth) throws Malformed {
    List<Object> elements = new ArrayList<>();
    if (isNext(']')) {
      return elements;
    }
    do {
      elements.add(value(depth + 1));
    } while (isNext(','));
    expect(']');
    return elements;
  }

  private String string() throws Malformed {
    StringBuilder string = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      if (c < ' ') {
        throw new Malformed();
      }
      string.append(c == '\\' ? escaped() : c);
    }
    return string.toString();
  }

  private char escaped() throws Malformed {
    char c = next();
    if (c == 'u') {
      int code = 0;
      for (int i = 0; i < 4; i++) {
        int digit = Character.digit(next(), 16);
        if (digit < 0) {
          throw new Malformed();
        }
        code = code * 16 + digit;
      }
      return (char) code;
    }
    int which = ESCAPED.indexOf(c);
    if (which < 0) {
      throw new Malformed();
    }
    return UNESCAPED.charAt(which);
  }

  private Object word(String rest, Object meaning) throws Malformed {
    if (!text.startsWith(rest, at)) {
      throw new Malformed();
    }
    at += rest.length();
    return meaning;
  }

  private Digits digits() throws Malformed {
    int start = --at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(start, at);
    if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      throw new Malformed();
    }
    return new Digits(number);
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char next() throws Malformed {
    if (at == text.length()) {
      throw new Malformed();
    }
    return text.charAt(at++);
  }

  private boolean isNext(char wanted) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char wanted) throws Malformed {
    if (!isNext(wanted)) {
      throw new Malformed();
    }
  }
}
