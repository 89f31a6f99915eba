package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.ClusterFlags;
import dev.cairn.etcd.NewCluster;
import dev.cairn.etcd.TargetVersion;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A restore of a damaged etcd snapshot on a disk in memory, and what became of it: a typed refusal
 * that has changed nothing, or a whole data directory with nothing beside it.
 */
final class DamagedRestore {
  /** Into what. */
  enum Target {
    /** An etcd image, the content as it is. */
    ETCD,
    /** A store of an engine, the content as it is. */
    HEAP,
    /** An etcd image for a member of a new cluster. */
    MEMBER,
    /** The same with its revision moved on. */
    MEMBER_BUMPED;

    boolean isMember() {
      return this == MEMBER || this == MEMBER_BUMPED;
    }
  }

  static final long BUMP = 1_000_000;

  private static final Set<Code> REFUSALS =
      EnumSet.of(Code.CORRUPT, Code.HASH_MISMATCH, Code.UNSUPPORTED, Code.LIMIT);
  private static final Path SOURCE = Path.of("/source");
  private static final Path DATA = Path.of("/new/data");
  private static final NewCluster CLUSTER = NewCluster.of(ClusterFlags.defaults());

  private final byte[] file;
  private final Target target;
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private StorageException refusal;
  private RestoreResult result;

  private DamagedRestore(byte[] file, Target target) {
    this.file = file;
    this.target = target;
    try (DiskFile source = disk.open(SOURCE, Disk.Mode.CREATE_NEW)) {
      source.write(0, ByteBuffer.wrap(file));
    }
    disk.settle();
  }

  /** An image with its hash behind it. */
  static byte[] hashed(byte[] image) {
    byte[] bytes = Arrays.copyOf(image, image.length + Sha256.SIZE_BYTES);
    byte[] hash = Sha256.start().digest(image);
    System.arraycopy(hash, 0, bytes, image.length, hash.length);
    return bytes;
  }

  /** Restores, and checks all that has to hold however it ends. */
  static DamagedRestore of(byte[] file, Target target, boolean withoutHashCheck) {
    DamagedRestore restore = new DamagedRestore(file, target);
    restore.run(withoutHashCheck);
    return restore;
  }

  private void run(boolean withoutHashCheck) {
    long operations = disk.operations();
    try {
      RestoreRequest request = request();
      result = Restore.restore(withoutHashCheck ? request.withoutHashCheck() : request);
      checkWhole();
    } catch (StorageException e) {
      refusal = e;
      assertTrue(REFUSALS.contains(e.code()), e.toString());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(e.getMessage().contains(SOURCE.toString()), e.getMessage());
      assertEquals(operations, disk.operations(), "something was made for: " + e.getMessage());
      assertEquals(List.of(SOURCE), disk.list(Path.of("/")));
    }
    assertEquals(List.of(), disk.openFiles());
    assertArrayEquals(file, disk.bytes(SOURCE));
  }

  private RestoreRequest request() {
    RestoreRequest request = RestoreRequest.of(SnapshotFile.inspect(disk, SOURCE), DATA, format());
    return switch (target) {
      case ETCD, HEAP -> request;
      case MEMBER -> request.withMember(NewMember.of(CLUSTER.forTarget(version())));
      case MEMBER_BUMPED ->
          request.withMember(NewMember.of(CLUSTER.forTarget(version())).withRevisionBump(BUMP));
    };
  }

  private StoreFormat format() {
    return target == Target.HEAP ? StoreFormat.engine(new HeapEngine(disk)) : StoreFormat.etcd();
  }

  /** Each of them, drawn by the file's bytes. */
  TargetVersion version() {
    TargetVersion[] all = TargetVersion.values();
    return all[Math.floorMod(Arrays.hashCode(file), all.length)];
  }

  private void checkWhole() {
    Path member = DATA.resolve("member");
    Path snap = member.resolve("snap");
    assertEquals(List.of(Path.of("/new"), SOURCE), disk.list(Path.of("/")));
    assertEquals(List.of(member), disk.list(DATA));
    assertTrue(disk.list(snap).contains(snap.resolve("db")));
    assertEquals(target.isMember() ? 2 : 1, disk.list(snap).size());
    if (target.isMember()) {
      Path wal = member.resolve("wal");
      assertEquals(List.of(snap, wal), disk.list(member));
      assertEquals(1, disk.list(wal).size());
    } else {
      assertEquals(List.of(snap), disk.list(member));
      assertEquals(result.sourceHash(), result.restoredHash());
    }
  }

  /** Why it was refused, or null. */
  StorageException refusal() {
    return refusal;
  }

  /** For messages: what was done to a file. */
  String difference(byte[] whole) {
    int at = Arrays.mismatch(whole, file);
    return at == whole.length || at == file.length
        ? "cut to " + file.length
        : "byte %d changed from %02x to %02x".formatted(at, whole[at], file[at]);
  }

  byte[] file() {
    return file;
  }

  Target target() {
    return target;
  }

  RestoreResult result() {
    return result;
  }

  byte[] database() {
    return disk.bytes(result.database());
  }

  /** As the format's own reader has it. */
  PlainContent content() {
    try (ReadView view = format().builder().openView(disk, result.database())) {
      return PlainContent.of(view);
    }
  }
}
