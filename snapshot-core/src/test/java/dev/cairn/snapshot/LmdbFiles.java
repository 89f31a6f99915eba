package dev.cairn.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;

/** Files that LMDB wrote. */
final class LmdbFiles {
  private LmdbFiles() {}

  /** A verified snapshot file with a native image. */
  static byte[] snapshotFile() throws IOException {
    Path directory = Files.createTempDirectory("lmdb");
    try (Backend backend =
        new LmdbEngine().open(directory.resolve("db"), BackendConfig.defaults())) {
      Bucket bucket = Bucket.named("a");
      Batch.Builder batch = Batch.builder().createBucket(bucket);
      for (int i = 0; i < 500; i++) {
        batch.put(bucket, ("key" + i).getBytes(UTF_8), new byte[i]);
      }
      backend.commit(batch.build());
      Path file = directory.resolve("snapshot");
      try (Snapshot snapshot = backend.snapshot()) {
        Snapshots.save(snapshot, file, SaveOptions.defaults());
      }
      return Files.readAllBytes(file);
    } finally {
      Trees.delete(directory);
    }
  }

  /** A data file that another program made through the same library. */
  static byte[] usersOwn() throws IOException {
    Path directory = Files.createTempDirectory("own");
    Path file = directory.resolve("data.mdb");
    try (Env<byte[]> env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(1 << 20)
            .setMaxDbs(2)
            .open(file.toFile(), EnvFlags.MDB_NOSUBDIR)) {
      Dbi<byte[]> dbi = env.openDbi("theirs", DbiFlags.MDB_CREATE);
      dbi.put("key".getBytes(UTF_8), "value".getBytes(UTF_8));
    }
    try {
      return Files.readAllBytes(file);
    } finally {
      Trees.delete(directory);
    }
  }
}
