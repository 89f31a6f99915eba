package dev.cairn.cli;

import dev.cairn.snapshot.CheckReport;
import dev.cairn.snapshot.SnapshotFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares a snapshot's SHA-256, and looks at everything in it. */
@Command(
    name = "verify",
    header = "Compare a snapshot with the SHA-256 at its end.",
    description = {
      "The exit code is 3 when they differ or there is none, or when --deep finds something: then",
      "the findings are on stdout, a line each. What is in order and should still be known, such as",
      "an active alarm, is told as a note. Changes no byte of the file."
    })
final class VerifyCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private OutputOptions output;

  @Option(
      names = "--deep",
      description =
          "Also check the pages, the order of the keys, and each entry of etcd's: its form, and"
              + " that it agrees with the others.")
  private boolean deep;

  @Parameters(index = "0", paramLabel = "FILE", description = "A snapshot file.")
  private Path file;

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SnapshotFile snapshot = SnapshotFile.inspect(file);
    try (ProgressBar bar = new ProgressBar(console, "verifying")) {
      snapshot.verify(bar);
    }
    List<Column> columns = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    columns.add(Column.text("FORMAT", "format", "Format"));
    cells.add(Cell.of(snapshot.format()));
    columns.add(Column.number("SIZE", "imageBytes", "ImageBytes"));
    cells.add(Cell.bytes(snapshot.imageSizeBytes()));
    columns.add(Column.text("SHA-256", "sha256", "Sha256"));
    cells.add(Cell.of(snapshot.sha256Hex().orElseThrow()));
    Notes notes = new Notes(deep ? look(snapshot) : List.of(), output.format());
    if (deep) {
      notes.addTo(columns, cells);
    }
    columns.add(Column.text("CHECKED", "deep", "Deep"));
    cells.add(new Cell(deep ? "hash and content" : "hash", deep));
    output.sheet(console.out(), columns.toArray(Column[]::new)).only(cells.toArray(Cell[]::new));
    notes.print(console.out());
    return 0;
  }

  private List<String> look(SnapshotFile snapshot) {
    CheckReport report = snapshot.check();
    Findings.throwIfAny(file, report, console);
    return report.notes();
  }
}
