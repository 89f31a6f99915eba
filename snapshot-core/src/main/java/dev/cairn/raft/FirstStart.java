package dev.cairn.raft;

import dev.cairn.etcd.BootstrapFiles;
import dev.cairn.etcd.NewCluster;
import dev.cairn.io.Disk;
import dev.cairn.store.Store;
import java.nio.file.Path;

/**
 * Makes the directory of a member that has never run: a database without keys, and a log and a
 * snapshot in which the cluster's members were added. It is built beside its place and renamed into
 * it, so that a power cut leaves a whole member or none.
 */
final class FirstStart {
  private final MemberConfig config;
  private final NewCluster cluster;
  private final Disk disk;

  FirstStart(MemberConfig config, NewCluster cluster) {
    this.config = config;
    this.cluster = cluster;
    this.disk = config.disk();
  }

  void make(MemberPaths place) {
    Path dataDir = place.member().getParent();
    if (!disk.exists(dataDir)) {
      disk.createDirectory(dataDir);
      disk.syncDirectory(dataDir.getParent());
    }
    MemberPaths building = place.building();
    deleteTree(building.member());
    disk.createDirectory(building.member());
    makeDatabase(building);
    disk.createDirectory(building.wal());
    BootstrapFiles.write(disk, cluster, building.wal(), building.snap());
    // Which has synced the directory of the database, too: the snapshot lies beside it.
    disk.syncDirectory(building.member());
    disk.rename(building.member(), place.member());
    disk.syncDirectory(dataDir);
  }

  private void makeDatabase(MemberPaths building) {
    disk.createDirectory(building.snap());
    Path database = building.database();
    try (Store store = Store.open(database, config.store(config.engine(), config.firstBackend()))) {
      store.update(cluster::makeDatabase);
    }
    DatabaseFiles.deleteSidecars(disk, config.engine(), database);
  }

  private void deleteTree(Path path) {
    if (disk.isDirectory(path)) {
      disk.list(path).forEach(this::deleteTree);
    }
    disk.delete(path);
  }
}
