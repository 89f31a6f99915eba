package dev.cairn.cli;

import java.io.PrintStream;
import java.util.List;

/** A table drawn with {@code +}, {@code -} and {@code |}, headings centred, as etcdctl draws it. */
final class TableText {
  private final List<Column> columns;
  private final PrintStream out;
  private final int[] widths;

  private TableText(List<Column> columns, List<Cell[]> rows, PrintStream out) {
    this.columns = columns;
    this.out = out;
    this.widths = columns.stream().mapToInt(column -> column.heading().length()).toArray();
    for (Cell[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].shown().length());
      }
    }
  }

  static void print(List<Column> columns, List<Cell[]> rows, PrintStream out) {
    TableText table = new TableText(columns, rows, out);
    table.border();
    table.headings();
    table.border();
    for (Cell[] row : rows) {
      table.row(row);
    }
    table.border();
  }

  private void border() {
    StringBuilder line = new StringBuilder("+");
    for (int width : widths) {
      line.append("-".repeat(width + 2)).append('+');
    }
    out.println(line);
  }

  private void headings() {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      String heading = columns.get(i).heading();
      int free = widths[i] - heading.length();
      line.append(' ').append(" ".repeat(free / 2)).append(heading);
      line.append(" ".repeat(free - free / 2)).append(" |");
    }
    out.println(line);
  }

  private void row(Cell[] cells) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      String shown = cells[i].shown();
      String free = " ".repeat(widths[i] - shown.length());
      boolean right = columns.get(i).right();
      line.append(' ').append(right ? free + shown : shown + free).append(" |");
    }
    out.println(line);
  }
}
