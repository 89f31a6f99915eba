package dev.cairn.cli;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A value of output, in its two forms.
 *
 * @param shown what {@code simple} and {@code table} show to people
 * @param raw a {@link Number}, {@link Boolean}, {@link String} or list of strings for programs:
 *     {@code json} and {@code fields}
 */
record Cell(String shown, Object raw) {
  static Cell of(String text) {
    return new Cell(text, text);
  }

  static Cell of(long number) {
    return new Cell(String.valueOf(number), number);
  }

  static Cell of(boolean yes) {
    return new Cell(yes ? "yes" : "no", yes);
  }

  /** A number that people see in another form. */
  static Cell shown(String text, long number) {
    return new Cell(text, number);
  }

  /** A count of bytes. */
  static Cell bytes(long count) {
    return new Cell(Sizes.decimal(count), count);
  }

  String json() {
    if (raw instanceof List<?> list) {
      return list.stream()
          .map(each -> Json.quoted(String.valueOf(each)))
          .collect(Collectors.joining(",", "[", "]"));
    }
    return raw instanceof String text ? Json.quoted(text) : String.valueOf(raw);
  }
}
