package dev.cairn.etcd;

import dev.cairn.wal.RaftFixture;

/** The flags that the real etcdctl restored the fixtures with. */
final class Restored {
  private static final String THREE =
      "m1=http://127.0.0.1:12380,m2=http://127.0.0.1:22381,m2=http://127.0.0.1:22380,"
          + "m3=http://127.0.0.1:32380";

  private Restored() {}

  static ClusterFlags flags(RaftFixture fixture) {
    return switch (fixture) {
      case RESTORED_DEFAULTS, RESTORED_RAWCOPY -> ClusterFlags.defaults();
      case RESTORED_SINGLE, RICH_SINGLE ->
          ClusterFlags.defaults()
              .withName("restored-a")
              .withInitialCluster("restored-a=http://127.0.0.1:7001")
              .withPeerUrls("http://127.0.0.1:7001")
              .withToken("restore-token-a");
      case RESTORED_M1 -> three("m1", "http://127.0.0.1:12380");
      case RESTORED_M2, RICH_M2 -> three("m2", "http://127.0.0.1:22381,http://127.0.0.1:22380");
      case RESTORED_M3 -> three("m3", "http://127.0.0.1:32380");
      default -> throw new IllegalArgumentException(fixture + " was not restored");
    };
  }

  private static ClusterFlags three(String name, String urls) {
    return ClusterFlags.defaults()
        .withName(name)
        .withInitialCluster(THREE)
        .withPeerUrls(urls)
        .withToken("three-token-public");
  }
}
