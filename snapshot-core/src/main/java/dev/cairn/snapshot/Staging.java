package dev.cairn.snapshot;

import dev.cairn.etcd.BootstrapFiles;
import dev.cairn.etcd.NewCluster;
import dev.cairn.io.Disk;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Where a restore builds: {@code <data-dir>/.cairn-restore-<id>/}, inside the data directory
 * because that may be a mount point, and only within one file system is a rename possible.
 *
 * <p>{@link #publish()} puts a WAL directory that is to be elsewhere into its place and then
 * renames {@code member} into the data directory: that is the commit point. Closed before it,
 * everything that was made is taken away again.
 */
final class Staging implements AutoCloseable {
  private final Disk disk;
  private final DataDirectory target;
  private final RestorePlan plan;
  private final Path folder;
  private final Optional<ForeignWal> foreignWal;
  private final Deque<Path> made = new ArrayDeque<>();
  private boolean published;

  private Staging(Disk disk, DataDirectory target, RestorePlan plan) {
    this.disk = disk;
    this.target = target;
    this.plan = plan;
    this.folder = target.staging(plan.id());
    this.foreignWal = plan.wal().map(place -> new ForeignWal(disk, place, plan.id()));
  }

  /** Makes the folder with its plan, both durable, and in it the empty {@code member/snap}. */
  static Staging open(Disk disk, DataDirectory target, RestorePlan plan) {
    Staging staging = new Staging(disk, target, plan);
    try {
      Directories.create(disk, target.path(), staging.made);
      disk.createDirectory(staging.folder);
      plan.write(disk, staging.folder, RestorePlan.Step.BUILD);
      disk.syncDirectory(target.path());
      disk.createDirectory(staging.member());
      disk.createDirectory(staging.database().getParent());
      staging.foreignWal.ifPresent(wal -> wal.create(staging.made));
      return staging;
    } catch (RuntimeException | Error e) {
      staging.close();
      throw e;
    }
  }

  Path member() {
    return folder.resolve(target.member().getFileName());
  }

  Path database() {
    return DataDirectory.databaseIn(member());
  }

  /**
   * What a server of a new cluster needs beside its database, whose bytes are durable already; the
   * names of all files are when this returns.
   */
  void finish(Optional<NewCluster> cluster) {
    Path snap = database().getParent();
    if (cluster.isPresent()) {
      BootstrapFiles.write(disk, cluster.get(), makeWal(), snap);
    } else {
      disk.syncDirectory(snap);
    }
  }

  /** An empty directory for the WAL, here or where it is staged elsewhere. */
  private Path makeWal() {
    if (foreignWal.isPresent()) {
      return foreignWal.get().staging();
    }
    Path wal = DataDirectory.walIn(member());
    disk.createDirectory(wal);
    return wal;
  }

  /** All files are durable already; this makes the directories so, and puts them into place. */
  void publish() {
    disk.syncDirectory(member());
    plan.write(disk, folder, RestorePlan.Step.PUBLISH);
    foreignWal.ifPresent(ForeignWal::publish);
    disk.rename(member(), target.member());
    published = true;
    disk.syncDirectory(target.path());
  }

  /** Takes the folder away. A failure of that is no failure of a restore that is published. */
  @Override
  public void close() {
    Closing.quietly(this::delete, "taking " + folder + " away");
  }

  private void delete() {
    if (disk.exists(folder)) {
      delete(disk, folder, published);
    }
    if (!published) {
      made.forEach(disk::delete);
    }
  }

  /**
   * Takes away what a run left, its plan last: as long as anything of a run is there, so is what
   * tells about it. A WAL directory elsewhere goes too when no member was published; the plan stops
   * to name its place first, because somebody else may use that place by the time of a third run.
   */
  static void delete(Disk disk, Path folder, boolean published) {
    LeftPlan left = LeftPlan.read(disk, folder);
    String id = folder.getFileName().toString().substring(DataDirectory.STAGING_PREFIX.length());
    Optional<ForeignWal> wal = left.wal().map(place -> new ForeignWal(disk, place, id));
    if (wal.isPresent() && left.publishing() && !published) {
      wal.get().withdraw();
      left.takeBack(disk, folder);
    }
    wal.ifPresent(ForeignWal::delete);
    deleteFolder(disk, folder);
  }

  private static void deleteFolder(Disk disk, Path folder) {
    Path plan = folder.resolve(RestorePlan.FILE_NAME);
    List<Path> others = new ArrayList<>(disk.list(folder));
    others.remove(plan);
    if (!others.isEmpty()) {
      others.forEach(each -> Directories.deleteTree(disk, each));
      disk.syncDirectory(folder);
    }
    disk.delete(plan);
    disk.delete(folder);
  }
}
