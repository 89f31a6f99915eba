package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Where a restore builds: {@code <data-dir>/.cairn-restore-<id>/}, inside the data directory
 * because that may be a mount point, and only within one file system is a rename possible.
 *
 * <p>{@link #publish()} renames {@code member} into the data directory: that is the commit point.
 * Closed before it, everything that was made is taken away again.
 */
final class Staging implements AutoCloseable {
  private final Disk disk;
  private final DataDirectory target;
  private final RestorePlan plan;
  private final Path folder;
  private final Deque<Path> made = new ArrayDeque<>();
  private boolean published;

  private Staging(Disk disk, DataDirectory target, RestorePlan plan) {
    this.disk = disk;
    this.target = target;
    this.plan = plan;
    this.folder = target.staging(plan.id());
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

  /** The bytes of the database are durable already; this makes the rest so, bottom-up. */
  void publish() {
    disk.syncDirectory(database().getParent());
    disk.syncDirectory(member());
    plan.write(disk, folder, RestorePlan.Step.PUBLISH);
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
      delete(disk, folder);
    }
    if (!published) {
      made.forEach(disk::delete);
    }
  }

  /**
   * Takes a staging folder away, its plan last: as long as anything of a run is there, so is what
   * tells about it.
   */
  static void delete(Disk disk, Path folder) {
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
