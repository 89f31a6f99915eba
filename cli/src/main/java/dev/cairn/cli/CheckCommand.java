package dev.cairn.cli;

import dev.cairn.snapshot.CheckReport;
import dev.cairn.snapshot.SnapshotFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at everything in a store. */
@Command(
    name = "check",
    header = "Check a store deeply.",
    description =
        "The pages of a bbolt file, and every entry in order on any engine. Findings go "
            + "to stdout, and the exit code is then 3.")
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
    output
        .sheet(
            console.out(),
            Column.text("FORMAT", "format", "Format"),
            Column.number("BUCKETS", "buckets", "Buckets"),
            Column.number("ENTRIES", "entries", "Entries"))
        .only(Cell.of(file.format()), Cell.of(report.buckets()), Cell.of(report.entries()));
    return 0;
  }
}
