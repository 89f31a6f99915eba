package dev.cairn.cli;

/**
 * A column of output.
 *
 * @param heading in a table
 * @param json the key in JSON
 * @param field the name in {@code fields}
 * @param right whether a table sets its cells to the right
 */
record Column(String heading, String json, String field, boolean right) {
  static Column text(String heading, String json, String field) {
    return new Column(heading, json, field, false);
  }

  static Column number(String heading, String json, String field) {
    return new Column(heading, json, field, true);
  }
}
