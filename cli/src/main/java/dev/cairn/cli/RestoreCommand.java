package dev.cairn.cli;

import dev.cairn.etcd.NewCluster;
import dev.cairn.snapshot.NewMember;
import dev.cairn.snapshot.Restore;
import dev.cairn.snapshot.RestoreRequest;
import dev.cairn.snapshot.RestoreResult;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.StoreFormat;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      "engine. The snapshot is proven first; the directory is filled by one rename, or not at all.",
      "",
      "A content of etcd's becomes a member of a new cluster, with etcdctl's flags and defaults: its",
      "members are the new ones, its raft index starts anew, and a WAL and a .snap stand beside it,",
      "so that with --engine bbolt a real etcd starts on it. Any other content, or --as-is, is",
      "restored as it is."
    })
final class RestoreCommand implements Callable<Integer>, OneArgument {
  private final Console console;
  @Mixin private OutputOptions output;
  @Mixin private SourceOptions source;

  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "The directory to fill; absent or empty. The store becomes DIR/member/snap/db."
              + " Default: NAME.etcd.")
  private Path dataDir;

  @Option(
      names = "--as-is",
      description = "Change nothing of the content, and make no WAL and no .snap.")
  private boolean asIs;

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
  public String complaint() {
    return "snapshot restore requires exactly one argument";
  }

  @Override
  public Integer call() {
    Optional<NewMember> member = asIs ? Optional.empty() : Optional.of(cluster.member());
    RestoreResult result;
    try (ProgressBar bar = new ProgressBar(console, "restoring")) {
      RestoreRequest request = request(member).withProgress(bar::updateShare);
      result =
          OnExit.during(
              () -> dryRun ? Restore.dryRun(request) : Restore.restore(request), bar::cancel);
    }
    tell(result);
    return 0;
  }

  private RestoreRequest request(Optional<NewMember> member) {
    Path directory = dataDir == null ? Path.of(cluster.name() + ".etcd") : dataDir;
    RestoreRequest request = RestoreRequest.of(inspect(), directory, StoreFormat.named(engine));
    request = skipHashCheck ? request.withoutHashCheck() : request;
    request = member.isPresent() ? request.withMember(member.get()) : request;
    return source.dropSequences() ? request.withSequencesDropped() : request;
  }

  /** A file that is missing is told in etcdctl's words. */
  private SnapshotFile inspect() {
    try {
      return SnapshotFile.inspect(file);
    } catch (StorageException e) {
      throw e.code() == Code.NOT_FOUND
          ? StorageException.of(Code.NOT_FOUND, "open " + file + ": no such file or directory")
          : e;
    }
  }

  private void tell(RestoreResult result) {
    List<Column> columns = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    columns.add(Column.text("DATABASE", "database", "Database"));
    cells.add(Cell.of(result.database().toString()));
    columns.add(Column.text("ENGINE", "engine", "Engine"));
    cells.add(Cell.of(result.format()));
    columns.add(Column.number("ENTRIES", "entries", "Entries"));
    cells.add(new Cell(result.entries() + " entries", result.entries()));
    columns.add(Column.text("CONTENT HASH", "contentHash", "ContentHash"));
    cells.add(Cell.of(result.restoredHash()));
    result.cluster().ifPresent(made -> tellMember(columns, cells, made, result));
    columns.add(Column.text("DRY RUN", "dryRun", "DryRun"));
    cells.add(new Cell(dryRun ? "nothing made" : "restored", dryRun));
    Notes notes = new Notes(result.notes(), output.format());
    notes.addTo(columns, cells);
    output.sheet(console.out(), columns.toArray(Column[]::new)).only(cells.toArray(Cell[]::new));
    notes.print(console.out());
  }

  private static void tellMember(
      List<Column> columns, List<Cell> cells, NewCluster made, RestoreResult result) {
    columns.add(Column.text("MEMBER ID", "memberId", "MemberID"));
    cells.add(Cell.of(made.self().idHex()));
    columns.add(Column.text("CLUSTER ID", "clusterId", "ClusterID"));
    cells.add(Cell.of(Long.toHexString(made.clusterId())));
    columns.add(Column.text("WAL", "wal", "Wal"));
    cells.add(Cell.of(result.wal().orElseThrow().toString()));
  }
}
