package dev.cairn.engine.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendListener;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing, committing, pinning and revoking against each other; a deadlock meets the timeout. */
@Timeout(600)
class BackendBaseConcurrencyTest {
  private static final Batch BATCH = Batch.builder().createBucket(Bucket.named("b")).build();
  private static final BackendConfig ONE_BYTE = BackendConfig.defaults().withPinnedBytesMax(1);

  private final Threads threads = new Threads();

  @AfterEach
  void stop() {
    threads.close();
  }

  private static BackendListener whenRevoked(Consumer<String> then) {
    return new BackendListener() {
      @Override
      public void pinHeld(String openedAt, long ageMillis) {}

      @Override
      public void pinRevoked(String openedAt, long ageMillis, String reason) {
        then.accept(reason);
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void closeWaitsForTheCommitInProgress() throws Exception {
    MemoryBackend backend = new MemoryBackend(BackendConfig.defaults());
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    backend.onApply =
        () -> {
          inside.countDown();
          await(goOn);
        };
    Threads.Running commit = threads.run(() -> backend.commit(BATCH));
    inside.await();
    Threads.Running close = threads.run(backend::close);
    close.awaitStuck();
    assertFalse(close.isDone());
    goOn.countDown();
    commit.join();
    close.join();
    assertEquals(1, backend.commitCount());
    assertEquals(0, backend.touchedAfterFree.get());
  }

  @Test
  void closeReturnsOnlyWhenEverythingIsFreedWhoeverDoesIt() throws Exception {
    MemoryBackend backend = new MemoryBackend(BackendConfig.defaults());
    CountDownLatch freeing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    backend.onFree =
        () -> {
          freeing.countDown();
          await(goOn);
        };
    Threads.Running first = threads.run(backend::close);
    freeing.await();
    Threads.Running second = threads.run(backend::close);
    second.awaitStuck();
    assertFalse(second.isDone());
    goOn.countDown();
    first.join();
    second.join();
    assertEquals(1, backend.frees.get());
  }

  /** A view that its owner closes while a call runs has ended, but what it pins is still in use. */
  @Test
  void closeWaitsForACallOfAViewThatHasEnded() throws Exception {
    MemoryBackend backend = new MemoryBackend(BackendConfig.defaults());
    Pin pin = backend.pin();
    pin.enter();
    threads.run(pin::close).join();
    Threads.Running close = threads.run(backend::close);
    close.awaitStuck();
    assertFalse(close.isDone());
    backend.touch();
    pin.exit();
    close.join();
    assertEquals(0, backend.touchedAfterFree.get());
  }

  @Test
  void closeWaitsForACallOfAViewThatWasRevoked() throws Exception {
    MemoryBackend backend = new MemoryBackend(ONE_BYTE);
    Pin pin = backend.pin();
    pin.enter();
    backend.pinnedBytes = 2;
    threads.run(() -> backend.commit(BATCH)).join();
    assertThrows(StorageException.class, pin::check);
    Threads.Running close = threads.run(backend::close);
    close.awaitStuck();
    assertFalse(close.isDone());
    pin.exit();
    close.join();
    assertEquals(0, backend.touchedAfterFree.get());
  }

  @Test
  void aReleaseMayTakeTheCommitLockWhileTheBackendCloses() throws Exception {
    MemoryBackend backend = new MemoryBackend(BackendConfig.defaults());
    backend.pinsUnderCommitLock = true;
    Pin pin = backend.pin();
    pin.enter();
    Threads.Running close = threads.run(backend::close);
    close.awaitStuck();
    pin.exit();
    close.join();
    assertEquals(0, backend.pinned.get());
    assertEquals(0, backend.touchedAfterFree.get());
  }

  @Test
  void anOpenerMayTakeTheCommitLockWhileTheBackendCloses() throws Exception {
    for (int round = 0; round < 50; round++) {
      MemoryBackend backend = new MemoryBackend(BackendConfig.defaults());
      backend.pinsUnderCommitLock = true;
      CountDownLatch start = new CountDownLatch(1);
      for (int i = 0; i < 2; i++) {
        threads.start(
            () -> {
              start.await();
              pinUntilClosed(backend);
              return null;
            });
      }
      Threads.Running close =
          threads.start(
              () -> {
                start.await();
                backend.close();
                return null;
              });
      start.countDown();
      close.join();
      threads.join();
      assertEquals(0, backend.pinned.get());
      assertEquals(0, backend.touchedAfterFree.get());
    }
  }

  private static void pinUntilClosed(MemoryBackend backend) {
    try {
      while (true) {
        backend.pin().close();
      }
    } catch (StorageException e) {
      assertEquals(StorageException.Code.CLOSED, e.code());
    }
  }

  @Test
  void closingFromWithinACallIsRefusedAndHarmsNothing() {
    MemoryBackend backend = new MemoryBackend(BackendConfig.defaults());
    Pin pin = backend.pin();
    pin.enter();
    assertThrows(IllegalStateException.class, backend::close);
    pin.exit();
    backend.commit(BATCH);
    backend.onApply = backend::close;
    StorageException thrown = assertThrows(StorageException.class, () -> backend.commit(BATCH));
    assertInstanceOf(IllegalStateException.class, thrown.getCause());
    backend.close();
    assertEquals(1, backend.frees.get());
  }

  /** A listener must not, but one that does finds no lock held and no commit half done. */
  @Test
  void aListenerMayEvenCommitAndClose() {
    List<String> heard = new ArrayList<>();
    MemoryBackend[] backend = new MemoryBackend[1];
    BackendListener listener =
        whenRevoked(
            reason -> {
              heard.add(reason);
              if (heard.size() == 1) {
                backend[0].commit(BATCH);
              } else {
                backend[0].close();
              }
            });
    backend[0] = MemoryBackend.withoutSweeps(ONE_BYTE.withListener(listener));
    backend[0].pinnedBytes = 2;
    backend[0].pin();
    backend[0].commit(BATCH);
    assertEquals(2, backend[0].commitCount());
    backend[0].pin();
    backend[0].commit(BATCH);
    assertEquals(3, backend[0].commitCount());
    assertEquals(2, heard.size());
    assertEquals(1, backend[0].frees.get());
    assertEquals(0, backend[0].touchedAfterFree.get());
  }

  @Test
  void aListenerThatThrowsFailsNoCommit() {
    BackendListener listener =
        whenRevoked(
            reason -> {
              throw new IllegalStateException("on purpose");
            });
    MemoryBackend backend = new MemoryBackend(ONE_BYTE.withListener(listener));
    backend.pinnedBytes = 2;
    backend.pin();
    backend.commit(BATCH);
    assertEquals(1, backend.commitCount());
    assertEquals(0, backend.pinned.get());
    backend.close();
  }

  /** All at once: readers, a committer that revokes, figures, an interrupter, and two closers. */
  @Test
  void nothingIsTouchedAfterItIsFreed() throws Exception {
    AtomicInteger revoked = new AtomicInteger();
    for (int round = 0; round < 40; round++) {
      MemoryBackend backend =
          new MemoryBackend(
              ONE_BYTE
                  .withPinMillisMax(1)
                  .withListener(whenRevoked(r -> revoked.incrementAndGet())));
      backend.pinsUnderCommitLock = round % 2 == 0;
      CountDownLatch warm = new CountDownLatch(50);
      List<Threads.Running> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(threads.run(() -> readUntilClosed(backend, warm)));
      }
      threads.run(() -> untilClosed(() -> commitOverTheBound(backend)));
      threads.run(() -> untilClosed(backend::stats));
      warm.await();
      readers.get(0).thread().interrupt();
      threads.run(backend::close);
      backend.close();
      threads.join();
      assertEquals(1, backend.frees.get());
      assertEquals(0, backend.pinned.get());
      assertEquals(0, backend.touchedAfterFree.get());
    }
    assertTrue(revoked.get() > 0);
  }

  private static void commitOverTheBound(MemoryBackend backend) {
    backend.pinnedBytes = ThreadLocalRandom.current().nextInt(4);
    backend.commit(BATCH);
  }

  private static void readUntilClosed(MemoryBackend backend, CountDownLatch warm) {
    untilClosed(
        () -> {
          Pin pin = backend.pin();
          warm.countDown();
          for (int i = 0; i < 20; i++) {
            backend.call(pin);
          }
          pin.close();
        });
  }

  /** A revoked view is no reason to stop. */
  private static void untilClosed(Runnable what) {
    while (true) {
      try {
        what.run();
      } catch (StorageException e) {
        if (e.code() == StorageException.Code.CLOSED) {
          return;
        }
        assertEquals(StorageException.Code.EXPIRED, e.code());
      }
    }
  }
}
