package dev.cairn.snapshot.grpc;

import dev.cairn.snapshot.SnapshotSender;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How the service serves. Immutable; every {@code with} returns a changed copy.
 *
 * @param snapshotFormat which image is sent
 * @param chunkBytes bytes of the image in one message, 512 to {@value #CHUNK_BYTES_MAX}; 32,768
 *     gives etcd's framing
 * @param snapshotsMax how many snapshots are sent at once, at least 1; a further one is refused
 *     with RESOURCE_EXHAUSTED
 * @param stallMillis how long a client may take nothing before its stream is ended, at least 1
 * @param version what Status gives as the version of the server
 * @param identity asked at every answer who the server is; called by several threads, and quick
 * @param callerCheck asked at every call what its caller may do
 */
public record MaintenanceConfig(
    SnapshotFormat snapshotFormat,
    int chunkBytes,
    int snapshotsMax,
    long stallMillis,
    String version,
    Supplier<ServerIdentity> identity,
    CallerCheck callerCheck) {
  /** The largest chunk: the message around it stays within 2 MiB. */
  public static final int CHUNK_BYTES_MAX = SnapshotFrame.FRAME_BYTES_MAX - 64;

  /** 1 MiB, as for snapshots that are saved locally. */
  public static final int CHUNK_BYTES_DEFAULT = SnapshotSender.CHUNK_BYTES_DEFAULT;

  private static final int CHUNK_BYTES_MIN = 512;
  private static final long STALL_MILLIS_DEFAULT = 600_000;

  /** The wire is that of etcd 3.4; the part behind the plus says who speaks it. */
  private static final String VERSION_DEFAULT = "3.4.0+cairn";

  /**
   * Checks the ranges.
   *
   * @param snapshotFormat which image is sent
   * @param chunkBytes 512 to {@value #CHUNK_BYTES_MAX}
   * @param snapshotsMax at least 1
   * @param stallMillis at least 1
   * @param version any text
   * @param identity not null
   * @param callerCheck not null
   * @throws IllegalArgumentException for a number out of range
   */
  public MaintenanceConfig {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(callerCheck, "callerCheck");
    checkRange("chunk bytes", chunkBytes, CHUNK_BYTES_MIN, CHUNK_BYTES_MAX);
    checkRange("snapshots at once", snapshotsMax, 1, Integer.MAX_VALUE);
    checkRange("stall milliseconds", stallMillis, 1, Long.MAX_VALUE);
  }

  private static void checkRange(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + ": " + value + " is not between " + min + " and " + max);
    }
  }

  /**
   * The etcd image, in chunks of 1 MiB, two streams at once, ten minutes of patience, a store that
   * belongs to no cluster, and whoever reaches the server may do everything.
   *
   * @return the defaults
   */
  public static MaintenanceConfig defaults() {
    return new MaintenanceConfig(
        SnapshotFormat.ETCD,
        CHUNK_BYTES_DEFAULT,
        2,
        STALL_MILLIS_DEFAULT,
        VERSION_DEFAULT,
        () -> ServerIdentity.NONE,
        caller -> Role.ALL);
  }

  /**
   * The same with another image.
   *
   * @param newFormat which image is sent
   * @return a changed copy
   */
  public MaintenanceConfig withSnapshotFormat(SnapshotFormat newFormat) {
    return new MaintenanceConfig(
        newFormat, chunkBytes, snapshotsMax, stallMillis, version, identity, callerCheck);
  }

  /**
   * The same with another chunk.
   *
   * @param newChunkBytes 512 to {@value #CHUNK_BYTES_MAX}
   * @return a changed copy
   */
  public MaintenanceConfig withChunkBytes(int newChunkBytes) {
    return new MaintenanceConfig(
        snapshotFormat, newChunkBytes, snapshotsMax, stallMillis, version, identity, callerCheck);
  }

  /**
   * The same with another bound on streams.
   *
   * @param newSnapshotsMax at least 1
   * @return a changed copy
   */
  public MaintenanceConfig withSnapshotsMax(int newSnapshotsMax) {
    return new MaintenanceConfig(
        snapshotFormat, chunkBytes, newSnapshotsMax, stallMillis, version, identity, callerCheck);
  }

  /**
   * The same with another patience.
   *
   * @param newStallMillis at least 1
   * @return a changed copy
   */
  public MaintenanceConfig withStallMillis(long newStallMillis) {
    return new MaintenanceConfig(
        snapshotFormat, chunkBytes, snapshotsMax, newStallMillis, version, identity, callerCheck);
  }

  /**
   * The same with another version.
   *
   * @param newVersion what Status gives
   * @return a changed copy
   */
  public MaintenanceConfig withVersion(String newVersion) {
    return new MaintenanceConfig(
        snapshotFormat, chunkBytes, snapshotsMax, stallMillis, newVersion, identity, callerCheck);
  }

  /**
   * The same for a server of a cluster.
   *
   * @param newIdentity asked at every answer
   * @return a changed copy
   */
  public MaintenanceConfig withIdentity(Supplier<ServerIdentity> newIdentity) {
    return new MaintenanceConfig(
        snapshotFormat, chunkBytes, snapshotsMax, stallMillis, version, newIdentity, callerCheck);
  }

  /**
   * The same with another check of callers.
   *
   * @param newCallerCheck asked at every call
   * @return a changed copy
   */
  public MaintenanceConfig withCallerCheck(CallerCheck newCallerCheck) {
    return new MaintenanceConfig(
        snapshotFormat, chunkBytes, snapshotsMax, stallMillis, version, identity, newCallerCheck);
  }
}
