package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private static final long TENTH_NANOS = 100_000_000;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong();

  private ProgressBar bar(boolean terminal) {
    PrintStream out = new PrintStream(new ByteArrayOutputStream());
    return new ProgressBar(new Console(out, new PrintStream(err), terminal), "saving", clock::get);
  }

  @Test
  void drawsForAPersonAndTakesItselfAway() {
    try (ProgressBar bar = bar(true)) {
      bar.update(100, 1000);
      assertEquals("", err.toString(), "what is quick needs no bar");
      clock.addAndGet(TENTH_NANOS);
      bar.update(500, 1000);
      bar.update(600, 1000);
      clock.addAndGet(TENTH_NANOS);
      bar.updateShare(1000, 1000);
    }
    String clear = "\r\u001b[K";
    assertEquals(
        clear
            + "saving [===============               ]  50 % of 1.0 kB"
            + clear
            + "saving [==============================] 100 %"
            + clear,
        err.toString());
  }

  @Test
  void saysNothingToAFile() {
    try (ProgressBar bar = bar(false)) {
      clock.addAndGet(TENTH_NANOS);
      bar.update(1, 2);
    }
    assertEquals("", err.toString());
  }

  @Test
  void worksWithoutATotal() {
    try (ProgressBar bar = bar(true)) {
      clock.addAndGet(TENTH_NANOS);
      bar.updateShare(0, 0);
    }
    assertTrue(err.toString().endsWith("100 %" + "\r\u001b[K"));
  }

  @Test
  void cancelledWorkFailsAtItsNextReport() {
    try (ProgressBar bar = bar(false)) {
      bar.cancel();
      assertThrows(StorageException.class, () -> bar.update(1, 2));
    }
  }
}
