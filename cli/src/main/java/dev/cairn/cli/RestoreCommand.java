package dev.cairn.cli;

import dev.cairn.snapshot.Restore;
import dev.cairn.snapshot.RestoreRequest;
import dev.cairn.snapshot.RestoreResult;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.StoreFormat;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rebuilds a data directory. */
@Command(
    name = "restore",
    header = "Rebuild a data directory from a snapshot.",
    description = {
      "Rebuild a data directory from a snapshot file: an image of any engine, as a store of any",
      "engine. The snapshot is proven first; the directory is filled by one rename, or not at all."
    })
final class RestoreCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private OutputOptions output;
  @Mixin private SourceOptions source;

  @Option(
      names = "--data-dir",
      required = true,
      paramLabel = "DIR",
      description = "The directory to fill; absent or empty. The store becomes DIR/member/snap/db.")
  private Path dataDir;

  @Option(
      names = "--engine",
      paramLabel = "E",
      defaultValue = "bbolt",
      description =
          "What the store becomes: an engine, or bbolt for an etcd database. Default: ${DEFAULT-VALUE}.")
  private String engine;

  @Option(names = "--dry-run", description = "Do all that comes before the first file is made.")
  private boolean dryRun;

  @Option(
      names = "--skip-hash-check",
      description = "Take a copied database, which has no hash; compare nothing.")
  private boolean skipHashCheck;

  @Parameters(index = "0", paramLabel = "FILE", description = "A snapshot file.")
  private Path file;

  RestoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RestoreResult result;
    try (ProgressBar bar = new ProgressBar(console, "restoring")) {
      RestoreRequest request = request().withProgress(bar::updateShare);
      result =
          OnExit.during(
              () -> dryRun ? Restore.dryRun(request) : Restore.restore(request), bar::cancel);
    }
    tell(result);
    return 0;
  }

  private RestoreRequest request() {
    RestoreRequest request =
        RestoreRequest.of(SnapshotFile.inspect(file), dataDir, StoreFormat.named(engine));
    request = skipHashCheck ? request.withoutHashCheck() : request;
    return source.dropSequences() ? request.withSequencesDropped() : request;
  }

  private void tell(RestoreResult result) {
    output
        .sheet(
            console.out(),
            Column.text("DATABASE", "database", "Database"),
            Column.text("ENGINE", "engine", "Engine"),
            Column.number("ENTRIES", "entries", "Entries"),
            Column.text("CONTENT HASH", "contentHash", "ContentHash"),
            Column.text("DRY RUN", "dryRun", "DryRun"))
        .only(
            Cell.of(result.database().toString()),
            Cell.of(result.format()),
            new Cell(result.entries() + " entries", result.entries()),
            Cell.of(result.restoredHash()),
            new Cell(dryRun ? "nothing made" : "restored", dryRun));
  }
}
