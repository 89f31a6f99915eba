package dev.cairn.cli;

import dev.cairn.snapshot.CheckReport;
import dev.cairn.snapshot.SnapshotFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares a snapshot's SHA-256, and looks at everything in it. */
@Command(
    name = "verify",
    header = "Compare a snapshot with the SHA-256 at its end.",
    description =
        "The exit code is 3 when they differ or there is none. Changes no byte of the " + "file.")
final class VerifyCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private OutputOptions output;

  @Option(names = "--deep", description = "Also check the pages, and read every entry in order.")
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
    if (deep) {
      CheckReport report = snapshot.check();
      Findings.throwIfAny(file, report, console);
    }
    output
        .sheet(
            console.out(),
            Column.text("FORMAT", "format", "Format"),
            Column.number("SIZE", "imageBytes", "ImageBytes"),
            Column.text("SHA-256", "sha256", "Sha256"),
            Column.text("CHECKED", "deep", "Deep"))
        .only(
            Cell.of(snapshot.format()),
            Cell.bytes(snapshot.imageSizeBytes()),
            Cell.of(snapshot.sha256Hex().orElseThrow()),
            new Cell(deep ? "hash and content" : "hash", deep));
    return 0;
  }
}
