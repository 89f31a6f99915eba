package dev.cairn.benchmarks.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One content of etcd's schema as stores of ours, as a snapshot and as a member of a real etcd. */
final class Content {
  static final int VALUE_BYTES = 1_000;

  /** What a key with its value takes of the image, as measured. */
  private static final int IMAGE_BYTES_PER_KEY = 1_560;

  private final Checkout checkout;
  private final Path folder;
  private final int mebibytes;

  Content(Checkout checkout, Path folder, int mebibytes) {
    this.checkout = checkout;
    this.folder = folder;
    this.mebibytes = mebibytes;
  }

  static long keys(int mebibytes) {
    return ((long) mebibytes << 20) / IMAGE_BYTES_PER_KEY;
  }

  /** A store of ours; the same content on every engine. */
  Path store(String engine) throws IOException, InterruptedException {
    Path file = folder.resolve(engine + ".store");
    if (!Files.exists(file)) {
      Program.run(
          folder,
          checkout.cairn(
              "load",
              "--db=" + file,
              "--engine=" + engine,
              "--keys=" + keys(mebibytes),
              "--value-bytes=" + VALUE_BYTES));
    }
    return file;
  }

  /** Its snapshot. */
  Path snapshot() throws IOException, InterruptedException {
    Path file = folder.resolve("backup.db");
    if (!Files.exists(file)) {
      Program.run(
          folder, checkout.cairn("snapshot", "save", file.toString(), "--db=" + store("lmdb")));
    }
    return file;
  }

  /** A data directory that etcd's own tool made of the snapshot. */
  Path etcdDirectory() throws IOException, InterruptedException {
    Path directory = folder.resolve("etcd");
    if (!Files.exists(directory)) {
      Program.run(
          folder,
          Program.of(
              "etcdctl", "snapshot", "restore", snapshot().toString(), "--data-dir=" + directory));
    }
    return directory;
  }
}
