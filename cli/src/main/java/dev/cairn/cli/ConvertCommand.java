package dev.cairn.cli;

import dev.cairn.snapshot.Convert;
import dev.cairn.snapshot.ConvertOptions;
import dev.cairn.snapshot.ConvertResult;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.StoreFormat;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a store of any engine out of a store or snapshot of any engine. */
@Command(
    name = "convert",
    header = "Make a store of one engine out of a file of any other.",
    description = {
      "Make a store of one engine out of a store or snapshot file of any other. Never replaces a",
      "file; prints the content hash of both ends, found by reading each of them."
    })
final class ConvertCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private OutputOptions output;
  @Mixin private SourceOptions source;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "E",
      description = "What OUT becomes: an engine, or etcd for a snapshot file as etcdctl saves it.")
  private String to;

  @Parameters(index = "0", paramLabel = "FILE", description = "A store or a snapshot file.")
  private Path file;

  @Parameters(index = "1", paramLabel = "OUT", description = "The file to make.")
  private Path out;

  ConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    StoreFormat format = StoreFormat.named(to);
    ConvertResult result;
    try (ProgressBar bar = new ProgressBar(console, "converting")) {
      ConvertOptions options = options(format).withProgress(bar::updateShare);
      result =
          OnExit.during(
              () -> Convert.convert(SnapshotFile.inspect(file), out, format, options), bar::cancel);
    }
    Sheet sheet =
        output.sheet(
            console.out(),
            Column.text("FILE", "file", "File"),
            Column.text("FORMAT", "format", "Format"),
            Column.number("ENTRIES", "entries", "Entries"),
            Column.text("CONTENT HASH", "contentHash", "ContentHash"));
    row(sheet, result.from(), result.fromFormat(), result.entries(), result.sourceHash());
    row(sheet, result.to(), result.toFormat(), result.entries(), result.targetHash());
    sheet.end();
    return 0;
  }

  /** An etcd image that stands alone is of use to etcdctl only with its hash behind it. */
  private ConvertOptions options(StoreFormat format) {
    ConvertOptions options = ConvertOptions.defaults();
    options = format.name().equals("etcd") ? options.withHashAppended() : options;
    return source.dropSequences() ? options.withSequencesDropped() : options;
  }

  private static void row(Sheet sheet, Path file, String format, long entries, String hash) {
    sheet.row(
        Cell.of(file.toString()),
        Cell.of(format),
        new Cell(entries + " entries", entries),
        Cell.of(hash));
  }
}
