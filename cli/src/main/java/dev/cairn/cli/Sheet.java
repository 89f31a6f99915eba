package dev.cairn.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of output under columns, in one of the formats. Rows are printed as they come. */
abstract class Sheet {
  final List<Column> columns;
  final PrintStream out;

  private Sheet(List<Column> columns, PrintStream out) {
    this.columns = columns;
    this.out = out;
  }

  static Sheet of(Format format, PrintStream out, Column... columns) {
    List<Column> list = List.of(columns);
    return switch (format) {
      case SIMPLE -> new Simple(list, out);
      case TABLE -> new Table(list, out);
      case JSON -> new JsonLines(list, out);
      case FIELDS -> new Fields(list, out);
    };
  }

  /** Prints or notes a row with one cell a column. */
  abstract void row(Cell... cells);

  /** Prints what is left. */
  void end() {}

  /** A row that is the only one. */
  final void only(Cell... cells) {
    row(cells);
    end();
  }

  private static final class Simple extends Sheet {
    Simple(List<Column> columns, PrintStream out) {
      super(columns, out);
    }

    @Override
    void row(Cell... cells) {
      out.println(Arrays.stream(cells).map(Cell::shown).collect(Collectors.joining(", ")));
    }
  }

  private static final class JsonLines extends Sheet {
    JsonLines(List<Column> columns, PrintStream out) {
      super(columns, out);
    }

    @Override
    void row(Cell... cells) {
      StringBuilder line = new StringBuilder("{");
      for (int i = 0; i < cells.length; i++) {
        line.append(i == 0 ? "" : ",").append(Json.quoted(columns.get(i).json()));
        line.append(':').append(cells[i].json());
      }
      out.println(line.append('}'));
    }
  }

  private static final class Fields extends Sheet {
    private boolean first = true;

    Fields(List<Column> columns, PrintStream out) {
      super(columns, out);
    }

    @Override
    void row(Cell... cells) {
      if (!first) {
        out.println();
      }
      first = false;
      for (int i = 0; i < cells.length; i++) {
        out.println(Json.quoted(columns.get(i).field()) + " : " + cells[i].json());
      }
    }
  }

  private static final class Table extends Sheet {
    private final List<Cell[]> rows = new ArrayList<>();

    Table(List<Column> columns, PrintStream out) {
      super(columns, out);
    }

    @Override
    void row(Cell... cells) {
      rows.add(cells.clone());
    }

    @Override
    void end() {
      TableText.print(columns, rows, out);
    }
  }
}
