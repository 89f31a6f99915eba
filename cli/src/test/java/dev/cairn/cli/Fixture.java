package dev.cairn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Files that a real etcd 3.4.23 wrote, with what the real etcdctl and that etcd said of them. */
enum Fixture {
  /** Six puts and a delete, saved by etcdctl. */
  TINY("tiny", true, 2252043591L, 8, 11, 20480, 2649020667L, 5),
  /** Leases, auth, transactions, a compaction, a value of 1 MiB; saved by etcdctl. */
  RICH("rich", true, 2915206798L, 3310, 3443, 2752512, 1977090742L, 2305),
  /** The database of a server that was stopped; without a hash. */
  WAL("wal", false, 4009439260L, 408, 311, 69632, 1255962300L, 97),
  /** The same after a defragmentation. */
  WALCUT("walcut", false, 2650580357L, 70, 7, 20480, 0, 1);

  final String label;
  final boolean hasHash;
  final long hash;
  final long revision;
  final long totalKeys;
  final long totalSizeBytes;
  final long hashKv;
  final long liveKeys;

  Fixture(
      String label,
      boolean hasHash,
      long hash,
      long revision,
      long totalKeys,
      long totalSizeBytes,
      long hashKv,
      long liveKeys) {
    this.label = label;
    this.hasHash = hasHash;
    this.hash = hash;
    this.revision = revision;
    this.totalKeys = totalKeys;
    this.totalSizeBytes = totalSizeBytes;
    this.hashKv = hashKv;
    this.liveKeys = liveKeys;
  }

  /** What etcdctl snapshot status -w json prints. */
  String statusJson() {
    return "{\"hash\":%d,\"revision\":%d,\"totalKey\":%d,\"totalSize\":%d}\n"
        .formatted(hash, revision, totalKeys, totalSizeBytes);
  }

  /** Unpacks the file into a directory. */
  Path unpack(Path directory) throws IOException {
    Path file = directory.resolve(label + ".db");
    try (InputStream in =
        new GZIPInputStream(Fixture.class.getResourceAsStream("/etcd/" + label + ".db.gz"))) {
      Files.copy(in, file);
    }
    return file;
  }

  /** What the real etcdctl snapshot status printed in a format. */
  String statusOutput(String format) throws IOException {
    String name = "/etcd/outputs/" + label + "-" + format + ".txt";
    try (InputStream in = Fixture.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** How etcdctl signs in: the fixture with auth enabled has a root. */
  String[] user() {
    return this == RICH ? new String[] {"--user", "root:pub-secret"} : new String[0];
  }
}
