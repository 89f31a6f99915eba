package dev.cairn.snapshot;

import dev.cairn.etcd.BootstrapFiles;
import dev.cairn.etcd.NewCluster;
import dev.cairn.io.Disk;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.wal.WalMetadata;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Rebuilds a data directory from a snapshot file, of any engine's image into any engine's store.
 *
 * <p>The source is proven and read to its end before anything is made. What is made is staged
 * inside the data directory and appears by one rename; see {@link #restore}.
 */
public final class Restore {
  private static final int ID_BYTES = 8;

  private final RestoreRequest request;
  private final Disk disk;
  private final StoreFormat format;
  private final Source source;
  private final DataDirectory target;
  private final Optional<Path> wal;

  private Restore(RestoreRequest request) {
    this.request = request;
    this.disk = request.source().disk();
    this.format = request.format();
    this.source =
        new Source(request.source(), request.dropSequences(), request.member(), request.progress());
    this.target = DataDirectory.look(disk, request.dataDirectory());
    this.wal =
        request
            .member()
            .flatMap(NewMember::walDirectory)
            .map(each -> each.toAbsolutePath().normalize())
            .filter(each -> !each.equals(target.wal()));
    checkWal();
  }

  /** Its place may be taken by an earlier run of this very restore alone. */
  private void checkWal() {
    if (wal.isEmpty()) {
      return;
    }
    if (wal.get().startsWith(target.path())) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          "wal-dir \"%s\" lies in the data directory; leave it out, or name one elsewhere"
              .formatted(wal.get()));
    }
    if (!target.isPublished() && !target.isLeftWal(wal.get())) {
      ForeignWal.checkFree(disk, wal.get());
    }
  }

  /**
   * Restores. A crash at any point leaves either no {@code member} in the data directory or the
   * whole one; the same call then takes away what is left and starts over, or finds the work done.
   *
   * @param request what, and into what
   * @return both ends
   * @throws StorageException {@code exists} for a data directory that is not empty or a WAL
   *     directory that is there; {@code hash-mismatch} or {@code corrupt} for a source that is
   *     damaged or has no hash; {@code limit}, naming bucket, key and limit, for content that the
   *     target cannot hold; {@code unsupported}; {@code full}; {@code io}. Nothing is left then
   *     that was not there before, except where only making the commit point durable failed
   */
  public static RestoreResult restore(RestoreRequest request) {
    Restore restore = new Restore(request);
    restore.prove();
    if (restore.target.isPublished()) {
      return restore.finishEarlier();
    }
    return restore.stageAndPublish();
  }

  /**
   * Does everything that {@link #restore} does before it makes the first file.
   *
   * @param request what, and into what
   * @return what the result would be; nothing is made
   * @throws StorageException as {@link #restore}
   */
  public static RestoreResult dryRun(RestoreRequest request) {
    Restore restore = new Restore(request);
    restore.prove();
    return restore.result(restore.source.content(), false);
  }

  /** A wrong hash counts before what else is wrong, of which it may be the cause. */
  private void prove() {
    if (request.skipHashCheck()) {
      source.examine(format);
      return;
    }
    checkHasHash();
    Beside.run("cairn-restore-hash", source.file()::verify, () -> source.examine(format));
  }

  private void checkHasHash() {
    SnapshotFile file = source.file();
    if (file.hasHash()) {
      return;
    }
    // A file that could not be restored in any case is refused for that, not for its missing hash.
    source.openView().close();
    throw StorageException.of(
        Code.CORRUPT,
        file.path(),
        "has no SHA-256 at its end; if it is a copied database, restore with --skip-hash-check");
  }

  private RestoreResult stageAndPublish() {
    target.deleteLeftStagings();
    // What a plan named may have turned out to be somebody else's.
    wal.ifPresent(place -> ForeignWal.checkFree(disk, place));
    try (Staging staging = Staging.open(disk, target, plan())) {
      Content built = buildDatabase(staging.database());
      staging.finish(source.cluster());
      staging.publish();
      return result(built, false);
    }
  }

  private RestorePlan plan() {
    byte[] id = new byte[ID_BYTES];
    new SecureRandom().nextBytes(id);
    return new RestorePlan(
        HexFormat.of().formatHex(id),
        target.member(),
        source.cluster().flatMap(cluster -> wal),
        format.name(),
        source.file().path().toAbsolutePath(),
        source.content().hash());
  }

  private Content buildDatabase(Path database) {
    format.builder().build(source, database);
    Content built = read(database);
    source.checkSame(built, format.name());
    return built;
  }

  private Content read(Path database) {
    try (ReadView view = format.builder().openView(disk, database)) {
      return Content.of(view, format.builder().limits(), format.name());
    }
  }

  /**
   * The commit point was passed, perhaps not durably; what remains is to tell whether it is ours.
   */
  private RestoreResult finishEarlier() {
    Content there = readEarlier();
    if (!there.hash().equals(source.content().hash()) || !isMemberThere()) {
      throw target.occupied();
    }
    disk.syncDirectory(target.path());
    target.deleteLeftStagings();
    return result(there, true);
  }

  /** The databases of all members of a cluster are the same; whose it is, its log tells. */
  private boolean isMemberThere() {
    Path log = wal.orElse(target.wal());
    if (source.cluster().isEmpty() || !disk.isDirectory(log)) {
      return source.cluster().isEmpty() && !disk.exists(log);
    }
    NewCluster cluster = source.cluster().get();
    return BootstrapFiles.owner(disk, log)
        .equals(Optional.of(new WalMetadata(cluster.self().id(), cluster.clusterId())));
  }

  private Content readEarlier() {
    try {
      return read(target.database());
    } catch (StorageException otherFormat) {
      throw target.occupied();
    }
  }

  private RestoreResult result(Content built, boolean earlier) {
    return new RestoreResult(
        target.path(),
        target.database(),
        format.name(),
        source.cluster(),
        source.cluster().map(cluster -> wal.orElse(target.wal())),
        source.content().hash(),
        built.hash(),
        built.entries(),
        source.notes(),
        earlier);
  }
}
