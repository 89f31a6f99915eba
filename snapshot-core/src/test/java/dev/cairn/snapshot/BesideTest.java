package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both run to their ends, and whose failure counts. */
@Timeout(120)
class BesideTest {
  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Runnable failing(Throwable failure) {
    return () -> {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    };
  }

  @Test
  void runAtTheSameTime() {
    CountDownLatch one = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    Beside.run(
        "test",
        () -> {
          one.countDown();
          await(other);
        },
        () -> {
          await(one);
          other.countDown();
        });
    assertEquals(0, one.getCount() + other.getCount());
  }

  @Test
  void theFailureOfTheFirstCounts() {
    RuntimeException first = new IllegalStateException("first");
    RuntimeException second = new IllegalStateException("second");
    Error error = new StackOverflowError();
    assertSame(first, thrown(failing(first), failing(second)));
    assertSame(first, thrown(failing(first), () -> {}));
    assertSame(second, thrown(() -> {}, failing(second)));
    assertSame(error, thrown(failing(error), failing(second)));
  }

  private static Throwable thrown(Runnable first, Runnable second) {
    return assertThrows(Throwable.class, () -> Beside.run("test", first, second));
  }

  @Test
  void waitsForTheFirstOnAnInterruptedThread() {
    AtomicInteger done = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    Runnable slow =
        () -> {
          await(begun);
          for (int i = 0; i < 1_000; i++) {
            Thread.yield();
          }
          done.incrementAndGet();
        };
    Beside.run(
        "test",
        slow,
        () -> {
          Thread.currentThread().interrupt();
          begun.countDown();
        });
    assertEquals(1, done.get());
    assertTrue(Thread.interrupted());
  }
}
