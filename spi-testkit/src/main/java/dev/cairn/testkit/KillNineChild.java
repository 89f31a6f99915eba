package dev.cairn.testkit;

import dev.cairn.spi.Backend;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.file.Path;

/** The JVM that {@link KillNine} kills. */
final class KillNineChild {
  private KillNineChild() {}

  /**
   * Waits for a line, then commits and tells numbers until it is killed.
   *
   * @param args engine class, store, seed in hex, options
   */
  public static void main(String[] args) throws ReflectiveOperationException, IOException {
    var engine = ContractChild.engine(args[0]);
    NumberedBatches batches = new NumberedBatches(Long.parseUnsignedLong(args[2], 16));
    if (System.in.read() < 0) {
      return;
    }
    Backend backend = engine.open(Path.of(args[1]), ContractChild.config(args, 3));
    long number = last(backend);
    Tasks.start("reader", () -> readAlways(backend));
    Tasks.start("streamer", () -> streamAlways(backend));
    while (true) {
      number++;
      backend.commit(batches.batch(number));
      // The point tells a whole line from one that the kill has cut.
      System.out.println(number + ".");
    }
  }

  private static long last(Backend backend) {
    try (ReadView view = backend.openView()) {
      return NumberedBatches.last(view);
    }
  }

  private static void readAlways(Backend backend) throws InterruptedException {
    while (true) {
      try (ReadView view = backend.openView()) {
        Model.of(view);
        Thread.sleep(10);
        NumberedBatches.last(view);
      }
    }
  }

  private static void streamAlways(Backend backend) throws IOException, InterruptedException {
    while (true) {
      try (Snapshot snapshot = backend.snapshot()) {
        snapshot.writeTo(Sinks.of(chunk -> Thread.onSpinWait()));
        Thread.sleep(10);
      }
    }
  }
}
