package dev.cairn.examples.embed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.spi.Bucket;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.nio.file.Path;

/** Ten lines that embed a store, and three that back it up while it is in use. */
public final class Embed {
  private Embed() {}

  /**
   * Writes, reads and backs up a store.
   *
   * @param args a directory: gets {@code data.db} and {@code backup.db}
   */
  public static void main(String[] args) {
    Path directory = Path.of(args[0]);
    Bucket users = Bucket.named("users");
    try (Store store = Store.open(directory.resolve("data.db"), StoreConfig.engine("lmdb"))) {
      store.update(
          tx -> {
            tx.createBucket(users);
            tx.put(users, "ada".getBytes(UTF_8), "1815".getBytes(UTF_8));
          }); // durable from here on
      byte[] year = store.view(view -> view.get(users, "ada".getBytes(UTF_8)));
      System.out.println("ada was born in " + new String(year, UTF_8));

      SnapshotFile backup = Snapshots.save(store, directory.resolve("backup.db"));
      backup.verify();
      System.out.println("SHA-256 " + backup.sha256Hex().orElseThrow());
    }
  }
}
