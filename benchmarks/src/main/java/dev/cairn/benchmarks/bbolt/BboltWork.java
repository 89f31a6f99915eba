package dev.cairn.benchmarks.bbolt;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engines;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;

/**
 * The work on the bbolt engine, through the SPI and with its defaults: each commit is synced.
 *
 * <pre>
 * BboltWork FILE KEYS VALUE_BYTES write|read|hash
 * </pre>
 *
 * Prints a line of JSON for each kind of work: {@code op}, {@code seconds}, {@code operations}. All
 * three end with the content hash, {@code hash}, of what the file holds, in {@code content}, and
 * {@code read} with the {@code sum} of what was seen.
 */
public final class BboltWork {
  private static final Bucket BUCKET = Bucket.named("work");

  private BboltWork() {}

  /**
   * Does it.
   *
   * @param args file, keys, bytes of a value, and what to do
   */
  public static void main(String[] args) {
    if (args.length != 4) {
      throw new IllegalArgumentException("usage: FILE KEYS VALUE_BYTES write|read|hash");
    }
    Path file = Path.of(args[0]);
    Workload work = new Workload(Long.parseLong(args[1]), Integer.parseInt(args[2]));
    switch (args[3]) {
      case "write" -> write(file, work);
      case "read" -> read(file, work);
      case "hash" -> {}
      default -> throw new IllegalArgumentException("cannot " + args[3]);
    }
    try (Backend backend = open(file);
        ReadView view = backend.openView()) {
      System.out.printf("{\"op\":\"content\",\"hash\":\"%s\"}%n", ContentHash.v1(view));
    }
  }

  private static Backend open(Path file) {
    return Engines.named("bbolt").open(file, BackendConfig.defaults());
  }

  private static void write(Path file, Workload work) {
    Path scratch = file.resolveSibling(file.getFileName() + ".warm-up");
    for (int i = 0; i < Workload.WARM_UPS; i++) {
      try (Backend backend = open(scratch)) {
        new Writes(backend, BUCKET, work.warmUp()).run();
      } finally {
        LocalDisk.INSTANCE.delete(scratch);
      }
    }
    try (Backend backend = open(file)) {
      new Writes(backend, BUCKET, work).run().forEach(System.out::println);
    }
  }

  private static void read(Path file, Workload work) {
    try (Backend backend = open(file);
        ReadView view = backend.openView()) {
      Reads reads = new Reads(view, BUCKET, work);
      reads.run().forEach(System.out::println);
      System.out.printf("{\"op\":\"seen\",\"sum\":%d}%n", reads.sum());
    }
  }
}
