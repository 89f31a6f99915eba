package dev.cairn.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.wal.Entry;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the log's memory costs: counted in bytes allocated, not in time. */
class EntryWindowTest {
  private static final int COUNT = 200_000;
  private static final int LIVE = 5_000;

  /** For each entry: an iterator and a few references. Copying the log would be thousands. */
  private static final long BYTES_MAX = 100;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long allocatedBytes(Runnable work) {
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static List<List<Entry>> one(int count) {
    List<List<Entry>> entries = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      entries.add(List.of(Logs.entry(i, 1)));
    }
    return entries;
  }

  @Test
  void appendingOneByOneCopiesLittle() {
    List<List<Entry>> entries = one(COUNT);
    EntryWindow window = new EntryWindow();
    long bytes = allocatedBytes(() -> entries.forEach(window::append));
    assertEquals(COUNT, window.lastIndex());
    assertTrue(bytes < COUNT * BYTES_MAX, bytes + " bytes");
  }

  /** A compaction for each entry, of a log that stays as long. */
  @Test
  void compactingOneByOneCopiesLittle() {
    List<List<Entry>> entries = one(COUNT);
    EntryWindow window = new EntryWindow();
    long bytes =
        allocatedBytes(
            () -> {
              for (int i = 0; i < COUNT; i++) {
                window.append(entries.get(i));
                if (i >= LIVE) {
                  window.dropTo(i - LIVE + 1);
                }
              }
            });
    assertEquals(LIVE, window.count());
    assertTrue(bytes < COUNT * BYTES_MAX, bytes + " bytes");
  }

  @Test
  void whatIsCompactedOrReplacedCanBeCollected() throws InterruptedException {
    EntryWindow window = new EntryWindow();
    List<WeakReference<Entry>> gone = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      Entry entry = Logs.entry(i, 1, 1 << 20);
      window.append(List.of(entry));
      if (i <= 3 || i >= 7) {
        gone.add(new WeakReference<>(entry));
      }
    }
    List<Entry> slice = window.slice(4, 7, -1);
    window.dropTo(3);
    window.append(List.of(Logs.entry(7, 2)));
    for (int i = 0; i < 100 && gone.stream().anyMatch(each -> each.get() != null); i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(0, gone.stream().filter(each -> each.get() != null).count());
    assertEquals("4:1 5:1 6:1", Logs.text(slice));
    assertEquals(4, window.count());
  }
}
