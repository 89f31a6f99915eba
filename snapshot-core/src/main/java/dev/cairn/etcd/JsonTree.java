package dev.cairn.etcd;

import dev.cairn.etcd.JsonReader.Digits;
import dev.cairn.etcd.JsonReader.NoJsonException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place in JSON that was read, of which nothing is known: what is asked for and is not there, or
 * is of another kind, counts as absent.
 *
 * @param value a Map, List, String, {@link Digits}, Boolean or null
 */
record JsonTree(Object value) {
  private static final JsonTree NOTHING = new JsonTree(null);

  /** Nothing, when the text is no JSON. */
  static JsonTree readOrNothing(String text) {
    try {
      return new JsonTree(JsonReader.read(text));
    } catch (NoJsonException e) {
      return NOTHING;
    }
  }

  boolean isObject() {
    return value instanceof Map;
  }

  JsonTree at(String... names) {
    JsonTree here = this;
    for (String name : names) {
      here = here.value instanceof Map<?, ?> map ? new JsonTree(map.get(name)) : NOTHING;
    }
    return here;
  }

  List<String> names() {
    return value instanceof Map<?, ?> map
        ? map.keySet().stream().map(String.class::cast).toList()
        : List.of();
  }

  String text() {
    return value instanceof String string ? string : "";
  }

  List<String> texts() {
    return value instanceof List<?> list
        ? list.stream().map(each -> new JsonTree(each).text()).toList()
        : List.of();
  }

  boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }

  /** Empty unless it is a whole number of 64 bits without a sign. */
  Optional<Long> unsigned() {
    try {
      return value instanceof Digits digits
          ? Optional.of(Long.parseUnsignedLong(digits.text()))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
