package dev.cairn.engine.mapdb;

import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pages of an open store: the newest version, and every one that is pinned.
 *
 * <p>The newest content of a page is in the heap when a commit changed it since the last
 * checkpoint, else in the main file, which only a checkpoint changes. An older one is in {@link
 * Undo}. A commit keeps the old content first and then replaces it, so that a reader who looks for
 * the old content once more after it has read a page has read the right one. Commits and
 * checkpoints have one caller at a time; the rest is thread-safe.
 */
final class Versions implements Pages {
  private final PageFile file;
  private final PageCache cache;
  private final Undo undo;
  private final ConcurrentHashMap<Long, byte[]> changed = new ConcurrentHashMap<>();

  /** Open pins by version; under its own monitor, with the two fields below. */
  private final TreeMap<Long, Pinned> pinned = new TreeMap<>();

  private volatile long version = 1;
  private volatile long count;

  /**
   * The version that a journal makes of a main file.
   *
   * @param journaled newest contents that the main file may lack
   */
  Versions(PageFile file, Map<Long, byte[]> journaled, long cacheBytes, Undo undo) {
    this.file = file;
    this.cache = new PageCache(cacheBytes);
    this.undo = undo;
    changed.putAll(journaled);
    count = Math.max(1, file.count());
    for (long page : journaled.keySet()) {
      count = Math.max(count, page + 1);
    }
    long pages = StoreImage.pageCount(this);
    checkLength(pages);
    count = pages;
  }

  /** What the main file lacks at its end the journal must have. */
  private void checkLength(long pages) {
    for (long page = file.count(); page < pages; page++) {
      if (!changed.containsKey(page)) {
        throw StorageException.corrupt(path(), file.sizeBytes(), "is cut short");
      }
    }
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long count() {
    return count;
  }

  /** A page of the newest version; for whoever commits, and while nobody does. */
  @Override
  public byte[] read(long page) {
    byte[] bytes = changed.get(page);
    return bytes != null ? bytes : readFile(page);
  }

  private byte[] readFile(long page) {
    byte[] bytes = cache.get(page);
    if (bytes == null) {
      long changes = cache.changes();
      bytes = file.read(page);
      cache.put(page, bytes, changes);
    }
    return bytes;
  }

  /** A page of a pinned version. */
  byte[] read(long page, long ofVersion) {
    while (true) {
      Undo.Entry entry = undo.find(page, ofVersion);
      byte[] kept = entry == null ? null : undo.content(entry);
      if (kept != null) {
        return kept;
      }
      byte[] bytes = null;
      StorageException failure = null;
      try {
        bytes = entry == null ? read(page) : readFile(page);
      } catch (StorageException e) {
        // The page may be the one that a checkpoint is writing; then there is an entry by now.
        failure = e;
      }
      if (undo.find(page, ofVersion) == entry && (entry == null || !entry.isSaved())) {
        if (failure != null) {
          throw failure;
        }
        return bytes;
      }
    }
  }

  /** Pins the newest version. */
  Pinned pin() {
    synchronized (pinned) {
      Pinned pin = pinned.computeIfAbsent(version, now -> new Pinned(this, now, count));
      pin.holders++;
      return pin;
    }
  }

  void unpin(Pinned pin) {
    synchronized (pinned) {
      pin.holders--;
      if (pin.holders == 0) {
        pinned.remove(pin.version());
        Long newer = pinned.higherKey(pin.version());
        undo.prune(pin.version(), newer == null ? Long.MAX_VALUE : newer, pinned.navigableKeySet());
      }
    }
  }

  /**
   * Makes the next version. Whoever pins meanwhile gets the one before, which is pinned for that:
   * else the last reader to leave would take what the next one to come needs.
   *
   * @param pages what is changed; the arrays must not be changed any more
   * @param newCount how many pages there are then
   */
  void publish(Map<Long, byte[]> pages, long newCount) {
    Pinned before = pin();
    pages.forEach(
        (page, bytes) -> {
          if (page < count) {
            undo.keep(page, before.version(), changed.get(page));
          }
          changed.put(page, bytes);
        });
    synchronized (pinned) {
      count = newCount;
      version = before.version() + 1;
    }
    unpin(before);
    undo.spill();
  }

  /** How many bytes of the heap the pages take that the main file lacks. */
  long changedBytes() {
    return changed.size() * (long) PAGE_BYTES;
  }

  /** Makes the main file what the newest version is; the journal must be on stable storage. */
  void writeFile() {
    long[] pages = sorted(changed);
    for (long page : pages) {
      undo.save(page, this::readFile);
    }
    undo.spill();
    cache.changing();
    if (file.count() != count) {
      file.setCount(count);
    }
    file.write(pages, this);
  }

  /** Makes what was written durable; from now on the main file is what is read. */
  void syncFile() {
    file.sync();
    cache.changing();
    for (long page : sorted(changed)) {
      cache.replace(page, changed.get(page));
      changed.remove(page);
    }
  }

  static long[] sorted(Map<Long, byte[]> pages) {
    long[] numbers = pages.keySet().stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(numbers);
    return numbers;
  }

  /** Makes the main file as long as a version will want it; its new pages are not read from it. */
  void reserve(long pages) {
    if (pages > file.count()) {
      file.setCount(pages);
    }
  }

  /** Gives back what was reserved for a version that did not come. */
  void unreserve() {
    if (file.count() > count) {
      file.setCount(count);
    }
  }

  long fileBytes() {
    return file.sizeBytes();
  }

  long pinnedBytes() {
    return undo.sizeBytes();
  }

  void close() {
    undo.close();
    file.close();
  }
}
