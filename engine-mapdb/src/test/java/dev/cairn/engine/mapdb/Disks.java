package dev.cairn.engine.mapdb;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.testkit.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** What the tests do to files behind a store's back. */
final class Disks {
  private Disks() {}

  static void put(SimulatedDisk disk, Path path, byte[] bytes) {
    try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
      file.setLength(bytes.length);
      if (bytes.length > 0) {
        file.write(0, ByteBuffer.wrap(bytes));
      }
    }
    // A simulated disk remembers all that was not synced.
    disk.settle();
  }

  /** The same disk with one byte of one file changed. */
  static SimulatedDisk flipped(SimulatedDisk disk, Path path, int at, int bits) {
    SimulatedDisk copy = disk.copy();
    try (DiskFile file = copy.open(path, Disk.Mode.READ_WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(at, one);
      file.write(at, one.put(0, (byte) (one.get(0) ^ bits)).flip());
    }
    return copy;
  }

  static SimulatedDisk cut(SimulatedDisk disk, Path path, int length) {
    SimulatedDisk copy = disk.copy();
    try (DiskFile file = copy.open(path, Disk.Mode.READ_WRITE)) {
      file.setLength(length);
    }
    return copy;
  }

  /** Every file with what is in it. */
  static Map<Path, Integer> fingerprint(SimulatedDisk disk) {
    Map<Path, Integer> hashes = new TreeMap<>();
    for (Path path : disk.list(Path.of("/"))) {
      CRC32C sum = new CRC32C();
      sum.update(disk.bytes(path));
      hashes.put(path, (int) sum.getValue());
    }
    return hashes;
  }
}
