package dev.cairn.engine.mapdb;

import dev.cairn.spi.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * What pages held before commits replaced them, as long as a pinned version needs it. Readers take
 * no lock; everything else is under this object's monitor.
 */
final class Undo {
  /** What a page held up to a version, from the one behind the page's entry before. */
  static final class Entry {
    private static final long IN_HEAP = -1;

    private final long lastVersion;
    private volatile byte[] bytes;
    private volatile long slot = IN_HEAP;
    private int sum;

    private Entry(long lastVersion, byte[] bytes) {
      this.lastVersion = lastVersion;
      this.bytes = bytes;
    }

    /** Whether it no longer stands in the main file alone. */
    boolean isSaved() {
      return bytes != null || slot != IN_HEAP;
    }
  }

  private static final System.Logger LOG = System.getLogger(Undo.class.getName());
  private static final Entry[] NONE = {};

  private final Spill spill;
  private final long heapBytesMax;
  private final ConcurrentHashMap<Long, Entry[]> byPage = new ConcurrentHashMap<>();

  /** The pages that have an entry of a version. */
  private final TreeMap<Long, List<Long>> byVersion = new TreeMap<>();

  private long heapBytes;
  private volatile long count;
  private boolean spillFails;

  Undo(Spill spill, long heapBytesMax) {
    this.spill = spill;
    this.heapBytesMax = heapBytesMax;
  }

  /** What holds a page's content as of a version, or null when that is the present one. */
  Entry find(long page, long version) {
    for (Entry entry : byPage.getOrDefault(page, NONE)) {
      if (entry.lastVersion >= version) {
        return entry;
      }
    }
    return null;
  }

  /** The content of an entry, or null while the main file holds it. */
  byte[] content(Entry entry) {
    byte[] bytes = entry.bytes;
    if (bytes != null) {
      return bytes;
    }
    return entry.slot == Entry.IN_HEAP ? null : spill.read(entry.slot, entry.sum);
  }

  /**
   * Keeps what a page held up to a version.
   *
   * @param bytes null when the main file holds it
   */
  synchronized void keep(long page, long lastVersion, byte[] bytes) {
    Entry[] before = byPage.getOrDefault(page, NONE);
    Entry[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = new Entry(lastVersion, bytes);
    byPage.put(page, after);
    byVersion.computeIfAbsent(lastVersion, version -> new ArrayList<>()).add(page);
    heapBytes += heapBytes(bytes);
    count++;
  }

  private static long heapBytes(byte[] bytes) {
    return bytes == null || bytes == Pages.ZERO ? 0 : bytes.length;
  }

  /** Before the main file's page is overwritten: keeps its content where an entry relies on it. */
  synchronized void save(long page, LongFunction<byte[]> mainFile) {
    for (Entry entry : byPage.getOrDefault(page, NONE)) {
      if (!entry.isSaved()) {
        entry.bytes = mainFile.apply(page);
        heapBytes += heapBytes(entry.bytes);
      }
    }
  }

  /**
   * Drops entries that no pinned version needs, among those of some versions.
   *
   * @param from the first of them
   * @param upTo behind the last of them
   * @param pinned every version that is pinned
   */
  synchronized void prune(long from, long upTo, NavigableSet<Long> pinned) {
    var layers = byVersion.subMap(from, true, upTo, false).entrySet().iterator();
    while (layers.hasNext()) {
      var layer = layers.next();
      layer.getValue().removeIf(page -> drops(page, layer.getKey(), pinned));
      if (layer.getValue().isEmpty()) {
        layers.remove();
      }
    }
    if (count == 0 && spill.sizeBytes() > 0) {
      spill.clear();
    }
  }

  private boolean drops(long page, long version, NavigableSet<Long> pinned) {
    Entry[] entries = byPage.get(page);
    int at = 0;
    while (entries[at].lastVersion != version) {
      at++;
    }
    long before = at == 0 ? -1 : entries[at - 1].lastVersion;
    Long reader = pinned.floor(version);
    if (reader != null && reader > before) {
      return false;
    }
    free(entries[at]);
    if (entries.length == 1) {
      byPage.remove(page);
    } else {
      Entry[] left = new Entry[entries.length - 1];
      System.arraycopy(entries, 0, left, 0, at);
      System.arraycopy(entries, at + 1, left, at, left.length - at);
      byPage.put(page, left);
    }
    return true;
  }

  private void free(Entry entry) {
    count--;
    heapBytes -= heapBytes(entry.bytes);
    if (entry.slot != Entry.IN_HEAP) {
      spill.free(entry.slot);
    }
  }

  /**
   * Moves pages to the spill file until the heap holds no more than the bound; newest first, as the
   * older ones are there already. When that fails they stay: the bound on pins will end it, and no
   * commit is to fail for it.
   */
  synchronized void spill() {
    if (heapBytes <= heapBytesMax || spillFails) {
      return;
    }
    try {
      for (var layer : byVersion.descendingMap().entrySet()) {
        for (long page : layer.getValue()) {
          for (Entry entry : byPage.get(page)) {
            move(entry);
          }
          if (heapBytes <= heapBytesMax) {
            return;
          }
        }
      }
    } catch (StorageException e) {
      spillFails = true;
      LOG.log(System.Logger.Level.WARNING, "old pages stay in the heap: " + e.getMessage());
    }
  }

  private void move(Entry entry) {
    byte[] bytes = entry.bytes;
    if (heapBytes(bytes) > 0) {
      entry.sum = Spill.sum(bytes);
      entry.slot = spill.write(bytes);
      entry.bytes = null;
      heapBytes -= bytes.length;
    }
  }

  /** What is kept, in the heap, in the spill file or, so far, in the main file alone. */
  long sizeBytes() {
    return count * Pages.PAGE_BYTES;
  }

  void close() {
    spill.close();
  }
}
