package dev.cairn.cli;

import dev.cairn.snapshot.CheckReport;
import dev.cairn.snapshot.SnapshotFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at everything in a store. */
@Command(
    name = "check",
    header = "Check a store deeply.",
    description = {
      "Check the pages of a bbolt file, and on any engine the order of all keys and, where the",
      "content is etcd's, each entry: its form, and that it agrees with the others. Findings go to",
      "stdout, a line each, and the exit code is then 3."
    })
final class CheckCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private DbOptions db;
  @Mixin private OutputOptions output;

  CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SnapshotFile file = db.inspect();
    CheckReport report = file.check();
    Findings.throwIfAny(db.file(), report, console);
    List<Column> columns = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    columns.add(Column.text("FORMAT", "format", "Format"));
    cells.add(Cell.of(file.format()));
    columns.add(Column.number("BUCKETS", "buckets", "Buckets"));
    cells.add(Cell.of(report.buckets()));
    columns.add(Column.number("ENTRIES", "entries", "Entries"));
    cells.add(Cell.of(report.entries()));
    Notes notes = new Notes(report.notes(), output.format());
    notes.addTo(columns, cells);
    output.sheet(console.out(), columns.toArray(Column[]::new)).only(cells.toArray(Cell[]::new));
    notes.print(console.out());
    return 0;
  }
}
