package dev.cairn.gate;

import dev.cairn.gate.PairContents.Known;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A small native snapshot of a store that has been through a few commits, so that its file has free
 * space and slack too.
 *
 * @param engine whose it is
 * @param file the image and its hash
 * @param contentHash of what is in it
 */
record NativeImage(Engine engine, byte[] file, String contentHash) {
  static final int HASH_BYTES = 32;

  /** Their images bear no checksum of what is in them; those of all others do. */
  private static final Set<String> UNCHECKED = Set.of("lmdb", "bbolt");

  private static final Bucket BUCKET = Bucket.named("passing");
  private static final int COMMITS = 6;

  static NativeImage of(Engine engine, Path folder, SplittableRandom random) throws IOException {
    Path store = folder.resolve("store");
    tiny().maker().make(engine, store);
    try (Backend backend = engine.open(store, BackendConfig.defaults())) {
      for (int i = 0; i < COMMITS; i++) {
        backend.commit(batch(random));
      }
      SnapshotFile saved =
          Snapshots.save(backend.snapshot(), folder.resolve("image"), SaveOptions.defaults());
      try (ReadView view = backend.openView()) {
        return new NativeImage(engine, Files.readAllBytes(saved.path()), ContentHash.v1(view));
      }
    }
  }

  private static Known tiny() {
    return PairContents.etcdFiles().stream()
        .filter(each -> each.name().equals("etcd/tiny-snapshot.db"))
        .findFirst()
        .orElseThrow();
  }

  private static Batch batch(SplittableRandom random) {
    Batch.Builder batch = Batch.builder().createBucket(BUCKET);
    for (int i = 0; i < 10; i++) {
      byte[] value = new byte[random.nextInt(i == 0 ? 6_000 : 300)];
      random.nextBytes(value);
      batch.put(BUCKET, new byte[] {(byte) random.nextInt(40)}, value);
      batch.delete(BUCKET, new byte[] {(byte) random.nextInt(40)});
    }
    return batch.build();
  }

  String name() {
    return engine.info().name();
  }

  /** Whether a changed byte of the content cannot go unnoticed, whatever the hash behind says. */
  boolean isChecked() {
    return !UNCHECKED.contains(name());
  }

  byte[] image() {
    return Arrays.copyOf(file, file.length - HASH_BYTES);
  }
}
