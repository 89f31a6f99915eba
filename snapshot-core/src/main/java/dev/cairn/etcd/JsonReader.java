package dev.cairn.etcd;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads JSON that may be anything, strictly: objects become maps, arrays lists, the rest as {@link
 * #read} says.
 */
final class JsonReader {
  private static final int DEPTH_MAX = 64;
  private static final int ENTRY_BYTES_MAX = 1 << 20;
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  /** A number, by its digits: ids are larger than a double can tell apart. */
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

  /** That a text is no JSON. */
  static final class NoJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    NoJsonException(int at) {
      super("no JSON at character " + at, null, false, false);
    }
  }

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * Reads a text.
   *
   * @return a Map, List, String, {@link Digits}, Boolean or null
   * @throws NoJsonException for anything else, and for more than 64 levels
   */
  static Object read(String text) throws NoJsonException {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value(0);
    reader.requireEnd();
    return value;
  }

  private void requireEnd() throws NoJsonException {
    skipSpace();
    require(at == text.length());
  }

  /** The members of an object in an entry of a bucket, which is left as it is; null on others. */
  static Map<String, Object> objectOrNull(ByteBuffer entry) {
    if (entry.remaining() > ENTRY_BYTES_MAX) {
      return null;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(entry.duplicate()).toString();
      JsonReader reader = new JsonReader(text);
      reader.skipSpace();
      reader.require(reader.peek() == '{');
      Map<String, Object> object = reader.object(0);
      reader.requireEnd();
      return object;
    } catch (CharacterCodingException | NoJsonException e) {
      return null;
    }
  }

  private Object value(int depth) throws NoJsonException {
    require(depth < DEPTH_MAX);
    skipSpace();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> digits();
    };
  }

  private Map<String, Object> object(int depth) throws NoJsonException {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    if (nextIs('}')) {
      return members;
    }
    do {
      skipSpace();
      String name = string();
      require(nextIs(':') && !members.containsKey(name));
      members.put(name, value(depth + 1));
    } while (nextIs(','));
    require(nextIs('}'));
    return members;
  }

  private List<Object> array(int depth) throws NoJsonException {
    List<Object> elements = new ArrayList<>();
    at++;
    if (nextIs(']')) {
      return elements;
    }
    do {
      elements.add(value(depth + 1));
    } while (nextIs(','));
    require(nextIs(']'));
    return elements;
  }

  private String string() throws NoJsonException {
    require(peek() == '"');
    at++;
    StringBuilder string = new StringBuilder();
    while (peek() != '"') {
      char c = take();
      require(c >= ' ');
      string.append(c == '\\' ? escaped() : c);
    }
    at++;
    return string.toString();
  }

  private char escaped() throws NoJsonException {
    char c = take();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> (char) (hex() << 12 | hex() << 8 | hex() << 4 | hex());
      default -> throw new NoJsonException(at);
    };
  }

  private int hex() throws NoJsonException {
    int digit = Character.digit(take(), 16);
    require(digit >= 0);
    return digit;
  }

  private Object word(String word, Boolean meaning) throws NoJsonException {
    require(text.startsWith(word, at));
    at += word.length();
    return meaning;
  }

  private Digits digits() throws NoJsonException {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(from, at);
    require(NUMBER.matcher(number).matches());
    return new Digits(number);
  }

  private char peek() throws NoJsonException {
    require(at < text.length());
    return text.charAt(at);
  }

  private char take() throws NoJsonException {
    char c = peek();
    at++;
    return c;
  }

  private boolean nextIs(char wanted) throws NoJsonException {
    skipSpace();
    boolean is = peek() == wanted;
    at += is ? 1 : 0;
    return is;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void require(boolean ok) throws NoJsonException {
    if (!ok) {
      throw new NoJsonException(at);
    }
  }
}
