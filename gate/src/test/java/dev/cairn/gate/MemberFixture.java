package dev.cairn.gate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Data directories that the real etcd and etcdctl 3.4.23 left, with the facts that an independent
 * parser found in them. Of each segment of a log the records alone are kept.
 *
 * @param name of the folder among the resources
 * @param nodeId of the member
 * @param clusterId of its cluster
 * @param snapshotIndex of the newest snapshot, 0 without one
 * @param snapshotTerm of that entry
 * @param voters as of the last entry
 * @param term of the last hard state
 * @param vote of the last hard state
 * @param commit of the last hard state, which is also the last entry
 * @param applied what the database holds
 * @param segments of the log
 * @param snaps names of the snapshots
 */
record MemberFixture(
    String name,
    long nodeId,
    long clusterId,
    long snapshotIndex,
    long snapshotTerm,
    List<Long> voters,
    long term,
    long vote,
    long commit,
    long applied,
    int segments,
    List<String> snaps) {
  private static final String FIRST = "0000000000000000-0000000000000000.wal";
  private static final String SECOND = "0000000000000001-0000000000000046.wal";
  private static final List<String> NONE = List.of();
  private static final List<String> OF_ONE = List.of("0000000000000001-0000000000000001.snap");
  private static final List<String> OF_THREE = List.of("0000000000000001-0000000000000003.snap");
  static final List<String> OF_WAL =
      List.of(
          "0000000000000002-0000000000000065.snap",
          "0000000000000002-00000000000000ca.snap",
          "0000000000000002-000000000000012f.snap",
          "0000000000000002-0000000000000194.snap");

  private static final long LIVE = 0x73c2be9d6338bf7bL;
  private static final long DEFAULTS = 0x8e9e05c52164694dL;
  private static final long SINGLE = 0x845ddf2898e8b38dL;
  private static final long M1 = 0x46251a17b18f90faL;
  private static final long M2 = 0x0cf246db7965c6e4L;
  private static final long M3 = 0x051d742984733550L;
  private static final long THREE = 0xfb5af4c0e823776cL;
  private static final long LOGGED = 0xc7c8130edc8244a8L;
  private static final long CUT = 0x0358e095cd2c4a75L;

  /** All of them. */
  static List<MemberFixture> all() {
    return List.of(
        live(),
        restored("restored-defaults", DEFAULTS, 0xcdf818194e3a8c32L),
        restored("restored-rawcopy-skip-hash", DEFAULTS, 0xcdf818194e3a8c32L),
        restored("restored-single", SINGLE, 0x3abf7436166d391eL),
        restored("rich-restored-single", SINGLE, 0x3abf7436166d391eL),
        restoredOfThree("restored-three-m1", M1),
        restoredOfThree("restored-three-m2", M2),
        restoredOfThree("restored-three-m3", M3),
        logged(),
        new MemberFixture(
            "walcut", CUT, 0x15680b0d0debf0bcL, 0, 0, List.of(CUT), 2, CUT, 76, 75, 2, NONE));
  }

  /** Without a snapshot. */
  static MemberFixture live() {
    return new MemberFixture(
        "live", LIVE, 0x2efb75ec40ed498dL, 0, 0, List.of(LIVE), 2, LIVE, 12, 12, 1, NONE);
  }

  /** With four snapshots. */
  static MemberFixture logged() {
    return new MemberFixture(
        "wal",
        LOGGED,
        0xa753fa0fd4a4fc45L,
        404,
        2,
        List.of(LOGGED),
        2,
        LOGGED,
        413,
        412,
        1,
        OF_WAL);
  }

  private static MemberFixture restored(String name, long id, long cluster) {
    return new MemberFixture(name, id, cluster, 1, 1, List.of(id), 1, id, 1, 1, 1, OF_ONE);
  }

  private static MemberFixture restoredOfThree(String name, long id) {
    List<Long> voters = List.of(M3, M2, M1);
    return new MemberFixture(name, id, THREE, 3, 1, voters, 1, M3, 3, 3, 1, OF_THREE);
  }

  /** Makes the data directory. */
  Path unpack(Path dataDir) throws IOException {
    Path snap = Files.createDirectories(dataDir.resolve("member/snap"));
    Path wal = Files.createDirectories(dataDir.resolve("member/wal"));
    Files.write(snap.resolve("db"), database());
    for (String file : snaps) {
      Files.write(snap.resolve(file), bytes("snap/" + file));
    }
    Files.write(wal.resolve(FIRST), bytes("wal/" + FIRST));
    if (segments == 2) {
      Files.write(wal.resolve(SECOND), bytes("wal/" + SECOND));
    }
    return dataDir;
  }

  byte[] database() throws IOException {
    return bytes("snap/db");
  }

  private byte[] bytes(String file) throws IOException {
    String resource = "/members/" + name + "/" + file + ".gz";
    try (InputStream in = new GZIPInputStream(MemberFixture.class.getResourceAsStream(resource))) {
      return in.readAllBytes();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
