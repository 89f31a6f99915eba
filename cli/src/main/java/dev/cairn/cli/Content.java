package dev.cairn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Named values, nested: a line for people, an object in JSON for programs. A value is a {@link
 * Cell}, a Content, or a list of these.
 */
final class Content {
  /** A value by its name. */
  private record Named(String name, Object value) {}

  private final List<Named> values = new ArrayList<>();

  Content put(String name, Cell value) {
    values.add(new Named(name, value));
    return this;
  }

  Content put(String name, Content value) {
    values.add(new Named(name, value));
    return this;
  }

  Content put(String name, List<?> value) {
    values.add(new Named(name, value));
    return this;
  }

  /** As the value of one column. */
  Cell cell() {
    return new Cell(shown(), this);
  }

  /** A list as the value of one column. */
  static Cell cell(List<?> list) {
    return new Cell(shown(list), new Raw(json(list)));
  }

  /** JSON that stands for itself. */
  private record Raw(String json) {
    @Override
    public String toString() {
      return json;
    }
  }

  private String shown() {
    return values.stream()
        .map(each -> each.name() + "=" + shown(each.value()))
        .collect(Collectors.joining(" "));
  }

  private static String shown(Object value) {
    if (value instanceof Cell cell) {
      return cell.shown();
    }
    if (value instanceof Content content) {
      return "{" + content.shown() + "}";
    }
    return ((List<?>) value)
        .stream().map(Content::shown).collect(Collectors.joining(" ", "[", "]"));
  }

  private static String json(Object value) {
    if (value instanceof Cell cell) {
      return cell.json();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Content::json).collect(Collectors.joining(",", "[", "]"));
    }
    return value.toString();
  }

  /** JSON, as a cell prints what it holds. */
  @Override
  public String toString() {
    return values.stream()
        .map(each -> Json.quoted(each.name()) + ":" + json(each.value()))
        .collect(Collectors.joining(",", "{", "}"));
  }
}
