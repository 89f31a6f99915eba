package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A data directory that a restore is to fill, laid out as etcd's: {@code member/snap/db}. It may be
 * there already, as a mount point is, as long as nothing is in it but what an earlier run left.
 */
final class DataDirectory {
  private static final String MEMBER = "member";
  static final String STAGING_PREFIX = ".cairn-restore-";

  private final Disk disk;
  private final Path given;
  private final Path path;
  private final List<Path> leftStagings = new ArrayList<>();
  private boolean published;

  private DataDirectory(Disk disk, Path given) {
    this.disk = disk;
    this.given = given;
    this.path = given.toAbsolutePath().normalize();
  }

  /** Looks at what is there; {@code exists} when it is not for a restore to fill. */
  static DataDirectory look(Disk disk, Path path) {
    DataDirectory directory = new DataDirectory(disk, path);
    directory.look();
    return directory;
  }

  private void look() {
    if (!disk.exists(path)) {
      return;
    }
    if (!disk.isDirectory(path)) {
      throw StorageException.of(Code.EXISTS, path, "is no directory; name another data directory");
    }
    List<Path> others = new ArrayList<>();
    for (Path each : disk.list(path)) {
      boolean staging = each.getFileName().toString().startsWith(STAGING_PREFIX);
      (staging ? leftStagings : others).add(each);
    }
    published = !leftStagings.isEmpty() && others.equals(List.of(member()));
    if (!others.isEmpty() && !published) {
      throw occupied();
    }
  }

  /** In the words of etcdctl, which operators look for. */
  StorageException occupied() {
    return StorageException.of(Code.EXISTS, "data-dir \"%s\" exists".formatted(given));
  }

  /**
   * Whether an earlier run published its member and was cut before it had cleaned up: nothing but a
   * restore leaves its staging folder beside a member, and only a whole member is ever published.
   */
  boolean isPublished() {
    return published;
  }

  /** Takes away what earlier runs left. */
  void deleteLeftStagings() {
    leftStagings.forEach(each -> Staging.delete(disk, each, published));
  }

  /** Whether an earlier run that is not done has a WAL directory there, or is about to. */
  boolean isLeftWal(Path wal) {
    return leftStagings.stream()
        .map(each -> LeftPlan.read(disk, each))
        .anyMatch(left -> left.publishing() && left.wal().equals(Optional.of(wal)));
  }

  Path path() {
    return path;
  }

  Path member() {
    return path.resolve(MEMBER);
  }

  Path database() {
    return databaseIn(member());
  }

  Path wal() {
    return walIn(member());
  }

  static Path walIn(Path member) {
    return member.resolve("wal");
  }

  static Path databaseIn(Path member) {
    return member.resolve("snap").resolve("db");
  }

  Path staging(String id) {
    return path.resolve(STAGING_PREFIX + id);
  }
}
