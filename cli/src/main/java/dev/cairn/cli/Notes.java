package dev.cairn.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * What a check found worth knowing though nothing is wrong: lines for people, a list for programs.
 */
final class Notes {
  private final List<String> lines;
  private final boolean forPeople;

  Notes(List<String> lines, Format format) {
    this.lines = lines;
    this.forPeople = format == Format.SIMPLE || format == Format.TABLE;
  }

  /** Adds a column where programs read. */
  void addTo(List<Column> columns, List<Cell> cells) {
    if (!forPeople) {
      columns.add(Column.text("NOTES", "notes", "Notes"));
      cells.add(new Cell(String.valueOf(lines.size()), lines));
    }
  }

  /** Prints lines where people read. */
  void print(PrintStream out) {
    if (forPeople) {
      lines.forEach(line -> out.println("note: " + line));
    }
  }
}
