package dev.cairn.engine.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendListener;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Who frees what a pin keeps, when, and what the limits do. The clock is the test's. */
@Timeout(600)
class PinsTest {
  private static final Path STORE = Path.of("store.db");

  private final AtomicLong nanos = new AtomicLong(17);
  private final List<String> told = new ArrayList<>();
  private final List<String> freed = new ArrayList<>();
  private final Threads threads = new Threads();
  private BackendConfig config = BackendConfig.defaults().withListener(listener());

  private BackendListener listener() {
    return new BackendListener() {
      @Override
      public void pinHeld(String openedAt, long ageMillis) {
        told.add("held " + ageMillis + " " + openedAt.lines().findFirst().orElseThrow());
      }

      @Override
      public void pinRevoked(String openedAt, long ageMillis, String reason) {
        told.add("revoked " + ageMillis + " " + reason);
      }
    };
  }

  @AfterEach
  void stop() {
    threads.close();
  }

  /** Pins that sweep only when told: a sweep of their own would race the one of the test. */
  private Pins pins() {
    return new Pins(STORE, config, nanos::get, sweep -> null);
  }

  private void pass(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private Pin opened(Pins pins, String name) {
    Pin pin = pins.begin();
    pin.releaseWith(() -> freed.add(name));
    pin.exit();
    return pin;
  }

  private static void assertCode(Code code, Executable call) {
    StorageException thrown = assertThrows(StorageException.class, call);
    assertEquals(code, thrown.code());
    assertTrue(thrown.getMessage().startsWith(STORE + ": "), thrown.getMessage());
  }

  @Test
  void closingFreesOnce() {
    Pins pins = pins();
    Pin pin = opened(pins, "a");
    pin.enter();
    pin.check();
    pin.exit();
    assertEquals(1, pins.count());
    pin.close();
    pin.close();
    assertEquals(List.of("a"), freed);
    assertEquals(0, pins.count());
    assertCode(Code.CLOSED, pin::check);
    assertCode(Code.CLOSED, pin::enter);
    pins.close();
    pins.close();
    assertEquals(List.of("a"), freed);
    assertCode(Code.CLOSED, pins::begin);
  }

  @Test
  void aCallInProgressFreesWhenItEnds() {
    Pins pins = pins();
    Pin pin = opened(pins, "a");
    pin.enter();
    pin.enter();
    threads.run(pin::close).awaitStuck();
    pin.close();
    assertCode(Code.CLOSED, pin::check);
    pin.exit();
    assertEquals(List.of(), freed);
    pin.exit();
    assertEquals(List.of("a"), freed);
  }

  @Test
  void anEnterThatIsRefusedInsideACallLeavesTheCallItsPin() {
    Pin pin = opened(pins(), "a");
    pin.enter();
    pin.close();
    assertCode(Code.CLOSED, pin::enter);
    assertEquals(List.of(), freed);
    pin.exit();
    assertEquals(List.of("a"), freed);
  }

  @Test
  void anOpenerThatFailsFreesNothing() {
    Pins pins = pins();
    Pin pin = pins.begin();
    pin.close();
    pin.exit();
    assertEquals(0, pins.count());
    pins.close();
  }

  @Test
  void aReleaseThatThrowsHoldsNobodyUp() {
    Pins pins = pins();
    Pin pin = pins.begin();
    pin.releaseWith(
        () -> {
          freed.add("a");
          throw new IllegalStateException("on purpose");
        });
    pin.exit();
    pin.close();
    pins.close();
    assertEquals(List.of("a"), freed);
  }

  /** Whoever ends it: while anybody is inside, nothing is freed; afterwards it is, and once. */
  @Test
  void neverFreesUnderACall() throws Exception {
    Pins pins = pins();
    for (int round = 0; round < 300; round++) {
      AtomicInteger frees = new AtomicInteger();
      Pin pin = pins.begin();
      pin.releaseWith(frees::incrementAndGet);
      pin.exit();
      CountDownLatch start = new CountDownLatch(1);
      List<Threads.Running> users = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        users.add(threads.start(() -> useUntilClosed(pin, frees, start)));
      }
      for (int i = 0; i < 2; i++) {
        users.add(
            threads.start(
                () -> {
                  start.await();
                  pin.close();
                  return null;
                }));
      }
      start.countDown();
      for (Threads.Running each : users) {
        each.join();
      }
      assertEquals(1, frees.get());
    }
  }

  private static Void useUntilClosed(Pin pin, AtomicInteger frees, CountDownLatch start)
      throws Exception {
    start.await();
    while (true) {
      try {
        pin.enter();
      } catch (StorageException e) {
        return null;
      }
      int before = frees.get();
      Thread.onSpinWait();
      int after = frees.get();
      pin.exit();
      assertEquals(0, before + after);
    }
  }

  private static void awaitEnded(Pin pin) {
    while (true) {
      try {
        pin.check();
      } catch (StorageException ended) {
        return;
      }
    }
  }

  @Test
  void closingAllWaitsForTheCallsInProgress() throws Exception {
    Pins pins = pins();
    Pin open = opened(pins, "open");
    Pin ended = opened(pins, "ended by its owner before");
    open.enter();
    ended.enter();
    Threads.Running owner = threads.run(ended::close);
    owner.join();
    Threads.Running closer = threads.run(pins::close);
    awaitEnded(open);
    assertFalse(closer.isDone());
    open.exit();
    assertEquals(List.of("open"), freed);
    closer.awaitStuck();
    assertFalse(closer.isDone());
    ended.exit();
    closer.join();
    assertEquals(2, freed.size());
    assertCode(Code.CLOSED, open::enter);
  }

  @Test
  void closingAllWaitsForAnOpener() throws Exception {
    Pins pins = pins();
    Pin pin = pins.begin();
    Threads.Running closer = threads.run(pins::close);
    closer.awaitStuck();
    pin.releaseWith(() -> freed.add("late"));
    assertFalse(closer.isDone());
    pin.exit();
    closer.join();
    assertEquals(List.of("late"), freed);
  }

  @Test
  void closingAllIsNotCutShortByAnInterrupt() throws Exception {
    Pins pins = pins();
    Pin pin = opened(pins, "a");
    pin.enter();
    List<Boolean> flag = new ArrayList<>();
    Threads.Running closer =
        threads.run(
            () -> {
              Thread.currentThread().interrupt();
              pins.close();
              flag.add(Thread.interrupted());
            });
    closer.awaitStuck();
    assertFalse(closer.isDone());
    closer.thread().interrupt();
    pin.exit();
    closer.join();
    assertEquals(List.of(true), flag);
  }

  @Test
  void closingAllFromWithinACallIsRefused() {
    Pins pins = pins();
    Pin pin = opened(pins, "a");
    pin.enter();
    assertThrows(IllegalStateException.class, pins::close);
    pin.check();
    pin.exit();
    pins.close();
    assertEquals(List.of("a"), freed);
  }

  /** What is pinned once and for all, such as a view of an image, closes its pins when it ends. */
  @Test
  void aReleaseMayCloseAll() throws Exception {
    Pins pins = pins();
    Pin pin = pins.begin();
    pin.releaseWith(
        () -> {
          freed.add("a");
          pins.close();
        });
    pin.exit();
    Pin other = opened(pins, "other");
    other.enter();
    Threads.Running closer = threads.run(pin::close);
    awaitEnded(other);
    assertFalse(closer.isDone());
    other.exit();
    closer.join();
    assertEquals(List.of("a", "other"), freed);
    assertCode(Code.CLOSED, pins::begin);
  }

  @Test
  void revokesTheOldestUntilTheBoundIsKept() {
    config = config.withPinnedBytesMax(100);
    Pins pins = pins();
    Pin first = opened(pins, "first");
    pass(5);
    Pin second = opened(pins, "second");
    Pin third = opened(pins, "third");
    pins.enforce(() -> 100, 0);
    assertEquals(3, pins.count());
    pins.enforce(() -> 250 - 100L * freed.size(), 0);
    assertEquals(List.of("first", "second"), freed);
    assertCode(Code.EXPIRED, first::enter);
    assertCode(Code.EXPIRED, second::check);
    third.check();
    first.close();
    assertCode(Code.EXPIRED, first::check);
    assertEquals(2, pins.revokedCount());
    assertEquals(List.of(), told, "not under the caller's locks");
    pins.tellListener();
    assertEquals(
        List.of(
            "revoked 5 pins keep 250 bytes, over pinnedBytesMax 100",
            "revoked 0 pins keep 150 bytes, over pinnedBytesMax 100"),
        told);
  }

  @Test
  void revokesNoSecondOneForACallInProgress() {
    config = config.withPinnedBytesMax(100);
    Pins pins = pins();
    Pin busy = opened(pins, "busy");
    Pin other = opened(pins, "other");
    busy.enter();
    pins.enforce(() -> 500, 0);
    assertCode(Code.EXPIRED, busy::check);
    pins.enforce(() -> 500, 0);
    pins.enforce(() -> 500, 0);
    other.check();
    busy.exit();
    assertEquals(List.of("busy"), freed);
    pins.enforce(() -> 500, 0);
    assertEquals(List.of("busy", "other"), freed);
    pins.enforce(() -> 500, 0);
    assertEquals(2, pins.revokedCount());
  }

  @Test
  void sparesOneThatPinsNothingYet() {
    config = config.withPinnedBytesMax(100);
    Pins pins = pins();
    Pin opening = pins.begin();
    Pin open = opened(pins, "open");
    pins.enforce(() -> freed.isEmpty() ? 500 : 0, 0);
    assertCode(Code.EXPIRED, open::check);
    opening.check();
    opening.exit();
  }

  @Test
  void tellsOnceOfAPinThatIsHeldFor30Seconds() {
    Pins pins = pins();
    Pin pin = opened(pins, "a");
    pass(29_999);
    pins.sweep();
    assertEquals(List.of(), told);
    pass(1);
    Pin young = opened(pins, "young");
    pins.sweep();
    pins.sweep();
    assertEquals(1, told.size());
    assertTrue(
        told.get(0).startsWith("held 30000 " + PinsTest.class.getName() + ".opened("),
        told.toString());
    assertEquals(30_000, pins.oldestMillis());
    pin.check();
    young.check();
    pin.close();
    assertEquals(0, pins.oldestMillis());
  }

  @Test
  void revokesWhatIsOlderThanTheBound() {
    config = config.withPinMillisMax(1_000);
    Pins pins = pins();
    Pin old = opened(pins, "old");
    pass(999);
    Pin young = opened(pins, "young");
    pins.sweep();
    old.check();
    pass(1);
    pins.sweep();
    assertCode(Code.EXPIRED, old::check);
    young.check();
    assertEquals(List.of("old"), freed);
    assertEquals(List.of("revoked 1000 open for 1000 ms, over pinMillisMax 1000"), told);
  }

  @Test
  void theSweepRunsByItself() {
    Pins pins = new Pins(STORE, config.withPinMillisMax(1));
    Pin pin = opened(pins, "a");
    while (pins.revokedCount() == 0) {
      Thread.onSpinWait();
    }
    assertCode(Code.EXPIRED, pin::check);
    pins.close();
  }

  @Test
  void aListenerThatThrowsIsLoggedAndTheNextOneIsTold() {
    AtomicInteger calls = new AtomicInteger();
    config =
        BackendConfig.defaults()
            .withPinMillisMax(1)
            .withListener(
                new BackendListener() {
                  @Override
                  public void pinHeld(String openedAt, long ageMillis) {}

                  @Override
                  public void pinRevoked(String openedAt, long ageMillis, String reason) {
                    calls.incrementAndGet();
                    throw new IllegalStateException("on purpose");
                  }
                });
    Pins pins = pins();
    opened(pins, "a");
    opened(pins, "b");
    pass(1);
    pins.sweep();
    assertEquals(2, calls.get());
    assertEquals(List.of("a", "b"), freed);
  }

  @Test
  void recordsABoundedNumberOfStacksASecond() {
    Pins pins = pins();
    for (int i = 0; i < Pins.STACKS_PER_SECOND_MAX; i++) {
      assertTrue(opened(pins, "x").openedAt().contains("PinsTest.opened("));
    }
    assertTrue(opened(pins, "x").openedAt().startsWith("not recorded"));
    pass(1_000);
    assertTrue(opened(pins, "x").openedAt().contains("PinsTest.opened("));
    pins.close();
  }
}
