package dev.cairn.gate;

import dev.cairn.snapshot.Restore;
import dev.cairn.snapshot.RestoreRequest;
import dev.cairn.snapshot.RestoreResult;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.StoreFormat;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Restores native images that were damaged, in a JVM of its own: a small heap shows what takes
 * memory without bound, and a crash of native code is a failure of one test and not of all.
 *
 * <p>Each is restored to a store of its own engine or of bbolt's. What is restored must hold what
 * is right and take a commit.
 */
final class DamagedImages {
  static final String COUNT = "count";

  /** Told before each case, as a crash would leave nobody to tell afterwards. */
  static final String CASE = "case";

  private static final Set<Code> REFUSALS =
      EnumSet.of(Code.CORRUPT, Code.HASH_MISMATCH, Code.UNSUPPORTED, Code.LIMIT);
  private static final BackendConfig READER = BackendConfig.defaults().withAccess(Access.READ_ONLY);
  private static final long PATIENCE_SECONDS = 600;
  private static final int WRITES_EVERY = 4;

  /** How a damaged file is given. */
  private enum Hash {
    /** The one that was there. */
    LEFT,
    /** Made anew. */
    ANEW,
    /** The one that was there, and not asked for. */
    IGNORED
  }

  private static final int SMALL_BYTES_MAX = 1 << 20;

  private final long seed;
  private final Path folder;
  private final Path file;
  private final Path data;
  private final Map<String, Integer> counts = new TreeMap<>();
  private NativeImage original;
  private volatile String now = "";
  private volatile long startedNanos = System.nanoTime();
  private SplittableRandom random;

  private DamagedImages(long seed, Path folder) {
    this.seed = seed;
    this.folder = folder;
    this.file = folder.resolve("damaged.snap");
    this.data = folder.resolve("data");
  }

  /** Arguments: seed, folder, engine, and how many flips, lengths and random damages. */
  public static void main(String[] arguments) {
    DamagedImages run = new DamagedImages(Long.parseLong(arguments[0]), Path.of(arguments[1]));
    run.watch(Thread.currentThread());
    try {
      run.run(
          Engines.named(arguments[2]),
          Integer.parseInt(arguments[3]),
          Integer.parseInt(arguments[4]),
          Integer.parseInt(arguments[5]));
    } catch (Throwable e) {
      e.printStackTrace();
      run.fail("fails: " + e);
    }
    run.counts.forEach((what, count) -> System.out.println(COUNT + " " + count + " " + what));
  }

  private void run(Engine engine, int flips, int lengths, int randoms) throws IOException {
    original = NativeImage.of(engine, folder, new SplittableRandom(seed));
    empty(folder);
    byte[] image = original.image();
    int fileBytes = original.file().length;
    for (int i = 0; i < some(flips, fileBytes); i++) {
      start("flip", i);
      flip(image, flips >= fileBytes ? i : random.nextInt(fileBytes));
    }
    for (int i = 0; i < some(lengths, fileBytes); i++) {
      start("length", i);
      cut(lengths >= fileBytes ? i : random.nextInt(fileBytes));
    }
    for (int i = 0; i < randoms; i++) {
      start("damage", i);
      byte[] damaged = FileDamage.of(image, random);
      restore("random damages", FileDamage.hashed(damaged), Hash.ANEW);
    }
  }

  /** Every one where that is allowed for; of a file that is far too long, an eighth of that. */
  private static int some(int wanted, int fileBytes) {
    return wanted >= fileBytes ? fileBytes : fileBytes > SMALL_BYTES_MAX ? wanted / 8 : wanted;
  }

  private void start(String what, int number) {
    random = new SplittableRandom(seed + number * 31L + what.hashCode());
    startedNanos = System.nanoTime();
    now = "%s %d of %s, seed %x".formatted(what, number, original.name(), seed);
    System.out.println(CASE + " " + now);
  }

  private void flip(byte[] image, int at) throws IOException {
    byte[] damaged = FileDamage.flipped(original.file(), at, random);
    restore("flipped bytes", damaged, Hash.LEFT);
    restore("flipped bytes", damaged, Hash.IGNORED);
    if (at < image.length) {
      byte[] other = FileDamage.flipped(image, at, random);
      restore("flipped bytes", FileDamage.hashed(other), Hash.ANEW);
    }
  }

  private void cut(int length) throws IOException {
    byte[] damaged = Arrays.copyOf(original.file(), length);
    restore("lengths", damaged, Hash.LEFT);
    restore("lengths", damaged, Hash.IGNORED);
    byte[] whole = Arrays.copyOf(damaged, length & ~511);
    restore("lengths", FileDamage.hashed(whole), Hash.ANEW);
  }

  /** To its own engine or to bbolt. */
  private void restore(String what, byte[] damaged, Hash hash) throws IOException {
    Engine target = random.nextBoolean() ? original.engine() : Engines.named("bbolt");
    Files.write(file, damaged);
    String outcome;
    try {
      RestoreRequest request =
          RestoreRequest.of(SnapshotFile.inspect(file), data, StoreFormat.engine(target));
      RestoreResult result =
          Restore.restore(hash == Hash.IGNORED ? request.withoutHashCheck() : request);
      check(hash != Hash.LEFT, "restored in spite of its hash");
      outcome = checkRestored(result, target);
    } catch (StorageException e) {
      check(REFUSALS.contains(e.code()), e.toString());
      check(e.getMessage().lines().count() == 1, e.getMessage());
      check(hash != Hash.LEFT || e.code() != Code.LIMIT, e.toString());
      check(listing().equals(List.of(file)), "left " + listing() + " for " + e);
      outcome = "refused";
    }
    check(Arrays.equals(damaged, Files.readAllBytes(file)), "the source was changed");
    empty(folder);
    String given =
        switch (hash) {
          case LEFT -> "as they are";
          case ANEW -> "under a new hash";
          case IGNORED -> "the hash not asked for";
        };
    counts.merge(
        "damaged %s images, %s, %s: %s".formatted(original.name(), what, given, outcome),
        1,
        Integer::sum);
  }

  private String checkRestored(RestoreResult result, Engine target) throws IOException {
    Path snap = data.resolve("member/snap");
    check(
        listing().equals(List.of(file, data, data.resolve("member"), snap, snap.resolve("db"))),
        "beside the store: " + listing());
    String hash = contentHash(target, result.database());
    check(hash.equals(readInPlace()), "holds another content than the damaged image");
    boolean right = hash.equals(original.contentHash());
    check(right || !original.isChecked(), "a changed content was not noticed");
    if (random.nextInt(WRITES_EVERY) == 0) {
      write(target, result.database());
    }
    return right ? "gave the undamaged content" : "gave what the engine reads";
  }

  private String readInPlace() {
    try (ReadView view = SnapshotFile.inspect(file).openView()) {
      return ContentHash.v1(view);
    }
  }

  private static String contentHash(Engine engine, Path store) {
    try (Backend backend = engine.open(store, READER);
        ReadView view = backend.openView()) {
      return ContentHash.v1(view);
    }
  }

  /** Into and out of every bucket, so that the pages that nothing has read yet are used. */
  private void write(Engine engine, Path store) {
    try (Backend backend = engine.open(store, BackendConfig.defaults())) {
      for (int i = 0; i < 3; i++) {
        Batch.Builder batch = Batch.builder();
        try (ReadView view = backend.openView()) {
          for (Bucket bucket : view.buckets()) {
            byte[] last = view.lastKey(bucket);
            if (last != null) {
              batch.delete(bucket, last);
            }
            batch.put(bucket, new byte[] {(byte) i}, new byte[100 * i]);
          }
        }
        backend.commit(batch.build());
      }
    }
    contentHash(engine, store);
  }

  private List<Path> listing() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(each -> !each.equals(folder))
          .sorted((a, b) -> a.equals(file) ? -1 : b.equals(file) ? 1 : a.compareTo(b))
          .toList();
    }
  }

  private static void empty(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        if (!each.equals(root)) {
          Files.delete(each);
        }
      }
    }
  }

  private static void check(boolean holds, String failure) {
    if (!holds) {
      throw new AssertionError(failure);
    }
  }

  /** Ends the process when a restore does not end. */
  private void watch(Thread worker) {
    Thread watchdog =
        new Thread(
            () -> {
              while (System.nanoTime() - startedNanos
                  < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                try {
                  Thread.sleep(1_000);
                } catch (InterruptedException e) {
                  return;
                }
              }
              fail("does not end: " + Arrays.toString(worker.getStackTrace()));
            });
    watchdog.setDaemon(true);
    watchdog.start();
  }

  /** Stores have ids of their own, so the damaged file is kept for whoever looks into it. */
  private void fail(String how) {
    try {
      Path kept = Path.of("target", "damaged.snap");
      Files.createDirectories(kept.getParent());
      Files.write(kept, Files.readAllBytes(file));
      System.err.println(now + " " + how + "; kept as " + kept.toAbsolutePath());
    } catch (IOException e) {
      System.err.println(now + " " + how + "; its file is not kept: " + e);
    }
    Runtime.getRuntime().halt(1);
  }
}
