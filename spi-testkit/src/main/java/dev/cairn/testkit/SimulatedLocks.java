package dev.cairn.testkit;

import dev.cairn.io.DiskLock;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;

/** The locks of a simulated disk: of the file, not of its name. Guarded by the disk. */
final class SimulatedLocks {
  private static final int EXCLUSIVE = -1;

  private final SimulatedDisk disk;
  private final Map<SimulatedContent, Integer> holders = new IdentityHashMap<>();

  SimulatedLocks(SimulatedDisk disk) {
    this.disk = disk;
  }

  DiskLock lock(Path path, SimulatedContent file, boolean shared) {
    Integer held = holders.get(file);
    if (held != null && (!shared || held == EXCLUSIVE)) {
      throw StorageException.of(
          Code.LOCKED, path, "is open in this process already; close it there first");
    }
    holders.put(file, shared ? (held == null ? 1 : held + 1) : EXCLUSIVE);
    return new Held(path, file);
  }

  private void release(SimulatedContent file) {
    int held = holders.get(file);
    if (held == EXCLUSIVE || held == 1) {
      holders.remove(file);
    } else {
      holders.put(file, held - 1);
    }
  }

  private final class Held implements DiskLock {
    private final Path path;
    private final SimulatedContent file;
    private boolean held = true;

    Held(Path path, SimulatedContent file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public void close() {
      synchronized (disk) {
        if (held) {
          held = false;
          release(file);
        }
      }
    }
  }
}
