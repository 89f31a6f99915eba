package dev.cairn.benchmarks.scenarios;

import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.snapshot.grpc.MaintenanceServer;
import dev.cairn.spi.Bucket;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a durable put takes while a client saves the store over and over, beside the same
 * without one. Open loop: puts are due at 30 % of the rate that one writer reaches at best, and
 * each is timed from when it was due, so that a stall counts for all that it holds up.
 */
final class WriteLatency {
  private static final Bucket BUCKET = Bucket.named("latency");
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final double SHARE_OF_PEAK = 0.3;
  private static final int VALUE_BYTES = 1_000;
  private static final int FILL_BATCH = 2_000;

  private final Checkout checkout;
  private final Path folder;
  private final int mebibytes;
  private final long phaseNanos;
  private final SplittableRandom random = new SplittableRandom(1);
  private final byte[] value = new byte[VALUE_BYTES];

  WriteLatency(Checkout checkout, Path folder, int mebibytes, int phaseSeconds) {
    this.checkout = checkout;
    this.folder = folder;
    this.mebibytes = mebibytes;
    phaseNanos = phaseSeconds * 1_000_000_000L;
    random.nextBytes(value);
  }

  List<Figure> run(String engine, int rounds) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    Path file = folder.resolve(engine + ".latency");
    try (Store store = Store.open(file, StoreConfig.engine(engine))) {
      fill(store);
      double peak = peak(store);
      try (MaintenanceServer server =
          MaintenanceServer.start(store, ANY_PORT, MaintenanceConfig.defaults())) {
        int port = server.address().getPort();
        for (int round = 0; round < rounds; round++) {
          Map<String, Double> idle = openLoop(store, peak * SHARE_OF_PEAK);
          idle.put("peak puts a second", peak);
          figures.add(figure(engine + " idle", round, idle));
          figures.add(figure(engine + " during saves", round, duringSaves(store, peak, port)));
        }
      }
    }
    return figures;
  }

  private Figure figure(String subject, int round, Map<String, Double> values) {
    return new Figure("write latency", subject, mebibytes, round, values);
  }

  private long keys() {
    return ((long) mebibytes << 20) / VALUE_BYTES;
  }

  private void fill(Store store) {
    store.update(tx -> tx.createBucket(BUCKET));
    for (long from = 0; from < keys(); from += FILL_BATCH) {
      long first = from;
      store.update(
          tx -> {
            for (long key = first; key < first + FILL_BATCH; key++) {
              tx.put(BUCKET, key(key), value);
            }
          });
    }
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(16).putLong(number).putLong(number).array();
  }

  private void put(Store store) {
    byte[] key = key(random.nextLong(keys()));
    store.update(tx -> tx.put(BUCKET, key, value));
  }

  /** Puts a second of one writer; the first half of the time warms up. */
  private double peak(Store store) {
    long puts = 0;
    long started = System.nanoTime();
    long half = started + phaseNanos / 2;
    long end = started + phaseNanos;
    for (long now = started; now < end; now = System.nanoTime()) {
      put(store);
      puts += now >= half ? 1 : 0;
    }
    return puts / (phaseNanos / 2 / 1e9);
  }

  private Map<String, Double> openLoop(Store store, double rate) {
    int count = (int) Math.max(1, rate * phaseNanos / 1e9);
    long[] nanos = new long[count];
    long started = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = started + (long) (i * 1e9 / rate);
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      put(store);
      nanos[i] = System.nanoTime() - due;
    }
    Arrays.sort(nanos);
    Map<String, Double> values = new TreeMap<>();
    values.put("puts", (double) count);
    values.put("p50Micros", percentile(nanos, 0.50));
    values.put("p99Micros", percentile(nanos, 0.99));
    values.put("p999Micros", percentile(nanos, 0.999));
    values.put("maxMicros", nanos[count - 1] / 1e3);
    return values;
  }

  private static double percentile(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e3;
  }

  private Map<String, Double> duringSaves(Store store, double peak, int port)
      throws IOException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    List<Double> seconds = new ArrayList<>();
    List<Exception> failures = new ArrayList<>();
    Thread saver = new Thread(() -> saveUntil(over, port, seconds, failures), "saver");
    saver.start();
    Map<String, Double> values = openLoop(store, peak * SHARE_OF_PEAK);
    over.set(true);
    saver.join();
    if (!failures.isEmpty()) {
      throw new IOException("a save during writes failed", failures.get(0));
    }
    values.put("saves", (double) seconds.size());
    return values;
  }

  private void saveUntil(
      AtomicBoolean over, int port, List<Double> seconds, List<Exception> failures) {
    Path out = folder.resolve("saved.db");
    try {
      while (!over.get()) {
        ProcessBuilder save =
            checkout.cairn(
                "snapshot", "save", out.toString(), "--endpoint=http://127.0.0.1:" + port);
        seconds.add(Program.run(folder, save).get("seconds"));
        Files.delete(out);
      }
    } catch (IOException | InterruptedException e) {
      failures.add(e);
    }
  }
}
