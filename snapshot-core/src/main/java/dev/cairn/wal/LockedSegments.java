package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskLock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The segments that a log keeps from being purged, oldest first. One thread at a time. */
final class LockedSegments implements AutoCloseable {
  private record Held(SegmentName name, DiskLock lock) {}

  private final List<Held> held = new ArrayList<>();

  /** Locks all or none. */
  static LockedSegments of(Disk disk, List<Path> segments) {
    LockedSegments locked = new LockedSegments();
    try {
      for (Path segment : segments) {
        locked.add(SegmentName.of(segment).orElseThrow(), disk.lock(segment, false));
      }
      return locked;
    } catch (RuntimeException | Error e) {
      locked.close();
      throw e;
    }
  }

  /** Takes a lock over. */
  void add(SegmentName name, DiskLock lock) {
    held.add(new Held(name, lock));
  }

  SegmentName last() {
    return held.get(held.size() - 1).name();
  }

  /** Lets go of those before the newest one that begins before an index. */
  void releaseTo(long index) {
    int kept = 0;
    for (int i = 1; i < held.size(); i++) {
      kept = Long.compareUnsigned(held.get(i).name().index(), index) < 0 ? i : kept;
    }
    List<Held> released = held.subList(0, kept);
    released.forEach(each -> each.lock().close());
    released.clear();
  }

  @Override
  public void close() {
    held.forEach(each -> each.lock().close());
    held.clear();
  }
}
