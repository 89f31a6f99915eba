package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads over one log. */
class GroupCommitTest {
  private static final Path LOG = Path.of("/data/wal");
  private static final int THREADS = 16;
  private static final long HANG_SECONDS = 300;

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Object order = new Object();
  private long nextIndex = 1;

  GroupCommitTest() {
    disk.makeDirectories(LOG.getParent());
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static Wal create(Disk disk, long segmentBytes) {
    WalOptions options = WalOptions.defaults().withSegmentBytes(segmentBytes);
    return Wal.create(disk, LOG, new WalMetadata(1, 2), options);
  }

  /** The index is given and the entry appended under one lock; the sync is outside. */
  private long append(Wal wal) {
    synchronized (order) {
      long mark = wal.append(HardState.EMPTY, List.of(entry(nextIndex)));
      nextIndex++;
      return mark;
    }
  }

  private static Entry entry(long index) {
    return new Entry(EntryType.NORMAL, 1, index, new byte[(int) (index * 7919 % 700)]);
  }

  private static <T> List<T> all(List<Future<T>> tasks) throws Exception {
    List<T> results = new ArrayList<>();
    for (Future<T> task : tasks) {
      results.add(task.get(HANG_SECONDS, TimeUnit.SECONDS));
    }
    return results;
  }

  private <T> List<Future<T>> start(int count, Callable<T> task) {
    List<Future<T>> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(threads.submit(task));
    }
    return tasks;
  }

  @Test
  void oneSyncServesAllThatWait() throws Exception {
    CountDownLatch appended = new CountDownLatch(THREADS - 1);
    CountDownLatch syncing = new CountDownLatch(1);
    AtomicInteger syncs = new AtomicInteger();
    AtomicInteger waited = new AtomicInteger(-1);
    Runnable tap =
        () -> {
          syncs.incrementAndGet();
          if (waited.get() == 0) {
            waited.set(1);
            syncing.countDown();
            await(appended);
          }
        };
    try (Wal wal = create(SyncTap.on(disk, tap), 1 << 20)) {
      syncs.set(0);
      waited.set(0);
      Future<Long> first =
          threads.submit(
              () -> {
                long mark = append(wal);
                wal.sync(mark);
                return mark;
              });
      await(syncing);
      List<Future<Long>> others =
          start(
              THREADS - 1,
              () -> {
                long mark = append(wal);
                appended.countDown();
                wal.sync(mark);
                return mark;
              });
      first.get(HANG_SECONDS, TimeUnit.SECONDS);
      all(others);
      assertEquals(2, syncs.get());
    }
    assertEquals(THREADS, Wal.read(disk, LOG, SnapshotNote.NONE).entries().size());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(HANG_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** With cuts, notes, releases and interrupts in between. */
  @Test
  void everyThreadsEntriesAreThereInOrder() throws Exception {
    int each = TestRun.count(400, 20_000);
    AtomicLong syncs = new AtomicLong();
    try (Wal wal = create(SyncTap.on(disk, syncs::incrementAndGet), 100_000)) {
      all(
          start(
              THREADS,
              () -> {
                for (int i = 0; i < each; i++) {
                  if (i % 64 == 63) {
                    Thread.currentThread().interrupt();
                  }
                  wal.sync(append(wal));
                  if (i % 64 == 63) {
                    assertTrue(Thread.interrupted());
                    wal.release(i);
                  }
                }
                return null;
              }));
      wal.save(new HardState(1, 1, nextIndex - 1), List.of());
    }
    WalContent content = Wal.read(disk, LOG, SnapshotNote.NONE);
    assertEquals(THREADS * each, content.entries().size());
    assertTrue(SegmentName.list(disk, LOG).size() > 10);
    TestRun.report("appends of 16 threads", THREADS * each);
    TestRun.report("syncs for appends of 16 threads", syncs.get());
  }

  /** Nobody waits for ever, and nobody is told that it was durable. */
  @Test
  void aFailedSyncReachesAllThatWait() throws Exception {
    CountDownLatch appended = new CountDownLatch(THREADS);
    try (Wal wal = create(SyncTap.on(disk, () -> {}), 1 << 20)) {
      disk.failSyncs(path -> true);
      List<Future<String>> tasks =
          start(
              THREADS,
              () -> {
                try {
                  long mark = append(wal);
                  appended.countDown();
                  await(appended);
                  wal.sync(mark);
                  return "durable";
                } catch (StorageException failed) {
                  return failed.getMessage();
                }
              });
      List<String> answers = all(tasks);
      assertTrue(answers.get(0).contains("cannot be synced"), answers::toString);
      assertEquals(1, answers.stream().distinct().count(), answers::toString);
    }
  }

  /** Whoever was waiting is told the truth: what it saved is durable, or the log is closed. */
  @Test
  void closingLetsWaitersGo() throws Exception {
    int rounds = TestRun.count(20, 500);
    for (int round = 0; round < rounds; round++) {
      SimulatedDisk fresh = new SimulatedDisk(round);
      fresh.makeDirectories(LOG.getParent());
      nextIndex = 1;
      Wal wal = create(fresh, 4_000);
      AtomicLong durable = new AtomicLong();
      List<Future<Void>> tasks =
          start(
              4,
              () -> {
                try {
                  while (true) {
                    wal.sync(append(wal));
                    durable.incrementAndGet();
                  }
                } catch (StorageException closed) {
                  assertEquals(StorageException.Code.CLOSED, closed.code(), closed.getMessage());
                  return null;
                }
              });
      while (durable.get() < 10) {
        Thread.onSpinWait();
      }
      wal.close();
      all(tasks);
      long found = Wal.read(fresh, LOG, SnapshotNote.NONE).entries().size();
      assertTrue(found >= durable.get(), found + " of " + durable);
      assertEquals(List.of(), fresh.openFiles());
    }
    TestRun.report("logs closed under appenders", rounds);
  }
}
