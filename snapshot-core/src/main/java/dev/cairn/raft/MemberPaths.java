package dev.cairn.raft;

import dev.cairn.io.Disk;
import dev.cairn.wal.SegmentName;
import java.nio.file.Path;

/**
 * Where a member's files are, as etcd lays them out.
 *
 * <pre>
 * member/snap/db        the database
 * member/snap/*.snap    snapshots of raft's
 * member/wal/*.wal      the log
 * </pre>
 *
 * @param member the directory of all of them
 */
record MemberPaths(Path member) {
  static MemberPaths in(Path dataDir) {
    return new MemberPaths(dataDir.toAbsolutePath().resolve("member"));
  }

  /** Where a first start builds, beside the place. */
  MemberPaths building() {
    return new MemberPaths(member.resolveSibling(member.getFileName() + ".tmp"));
  }

  Path snap() {
    return member.resolve("snap");
  }

  Path database() {
    return snap().resolve("db");
  }

  /** Where a database is built that is to take the other one's place; see {@code Store.open}. */
  Path newDatabase() {
    return snap().resolve("db.new");
  }

  Path wal() {
    return member.resolve("wal");
  }

  boolean hasLog(Disk disk) {
    return disk.isDirectory(wal())
        && disk.list(wal()).stream().anyMatch(each -> SegmentName.of(each).isPresent());
  }
}
