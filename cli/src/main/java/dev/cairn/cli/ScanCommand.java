package dev.cairn.cli;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the buckets, or the entries of one. */
@Command(
    name = "scan",
    header = "List the buckets, or the entries of one.",
    description =
        "Lists the entries of BUCKET in the order of their keys, or without BUCKET the buckets."
            + " Nothing is locked for write or changed; FILE may be a snapshot file.")
final class ScanCommand implements Callable<Integer> {
  /** A table is drawn when its last row is known, so it must end somewhere. */
  private static final long TABLE_ROWS_MAX = 1_000;

  private static final int ROWS_PER_LOOK = 1_024;

  private final Console console;
  @Mixin private DbOptions db;
  @Mixin private HexOption hex;
  @Mixin private OutputOptions output;

  @Option(names = "--from", paramLabel = "KEY", description = "Start at this key or behind it.")
  private String from;

  @Option(names = "--limit", paramLabel = "N", description = "Print at most N. Default: all.")
  private long limit = Long.MAX_VALUE;

  @Parameters(index = "0", arity = "0..1", paramLabel = "BUCKET", description = "Which bucket.")
  private String bucket;

  ScanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    BytesText text = hex.text();
    try (ReadView view = db.inspect().openView()) {
      if (bucket == null) {
        buckets(view.buckets(), text);
      } else {
        entries(view, text);
      }
    }
    return 0;
  }

  private void buckets(List<Bucket> buckets, BytesText text) {
    Sheet sheet = output.sheet(console.out(), Column.text("BUCKET", "bucket", "Bucket"));
    buckets.stream().limit(limit).forEach(name -> sheet.row(Cell.of(text.show(name.name()))));
    sheet.end();
  }

  private void entries(ReadView view, BytesText text) {
    long rowsMax = output.format() == Format.TABLE ? Math.min(limit, TABLE_ROWS_MAX) : limit;
    Entries entries = Entries.print(output, console, text);
    long rows = 0;
    try (Cursor cursor = view.openCursor(Bucket.of(text.parse(bucket)))) {
      boolean more = from == null ? cursor.next() : cursor.seek(text.parse(from));
      while (more && rows < rowsMax && hasReader(rows)) {
        entries.row(cursor.key(), cursor.value());
        rows++;
        more = cursor.next();
      }
      entries.end();
      if (more && rowsMax < limit) {
        console.log("a table ends after %,d rows; the other formats do not".formatted(rowsMax));
      }
    }
  }

  /** False once stdout is gone, as behind {@code head}: then the rest need not be read. */
  private boolean hasReader(long rows) {
    return rows % ROWS_PER_LOOK != 0 || !console.out().checkError();
  }
}
