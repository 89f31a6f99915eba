package dev.cairn.cli;

import dev.cairn.snapshot.Progress;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A bar on stderr while a person watches; redrawn at most ten times a second. The work can be
 * cancelled from another thread.
 */
final class ProgressBar implements Progress, AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final int BAR_COLUMNS = 30;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Console console;
  private final String what;
  private final LongSupplier nanoTime;
  private long drawnNanos;
  private boolean drawn;
  private volatile boolean cancelled;

  ProgressBar(Console console, String what) {
    this(console, what, System::nanoTime);
  }

  ProgressBar(Console console, String what, LongSupplier nanoTime) {
    this.console = console;
    this.what = what;
    this.nanoTime = nanoTime;
    this.drawnNanos = nanoTime.getAsLong();
  }

  @Override
  public void update(long doneBytes, long totalBytes) {
    draw(doneBytes, totalBytes, () -> " of " + Sizes.decimal(totalBytes));
  }

  /** Some more is done of work that counts other things than bytes, or now this and now that. */
  void updateShare(long done, long total) {
    draw(done, total, () -> "");
  }

  /** Makes the work that reports here fail at its next report, and so take back what it made. */
  void cancel() {
    cancelled = true;
  }

  private void draw(long done, long total, Supplier<String> size) {
    if (cancelled) {
      throw StorageException.of(Code.CLOSED, what + " was stopped by a signal; nothing is kept");
    }
    long now = nanoTime.getAsLong();
    if (console.terminal() && now - drawnNanos >= REDRAW_NANOS) {
      drawnNanos = now;
      drawn = true;
      console.err().print(CLEAR_LINE + line(done, total) + size.get());
      console.err().flush();
    }
  }

  private String line(long done, long total) {
    double share = total <= 0 ? 1 : Math.min(1, (double) done / total);
    int filled = (int) (share * BAR_COLUMNS);
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3d %%",
        what,
        "=".repeat(filled),
        " ".repeat(BAR_COLUMNS - filled),
        (int) (share * 100));
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (drawn) {
      console.err().print(CLEAR_LINE);
      console.err().flush();
    }
  }
}
