package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.etcd.EtcdLoad;
import dev.cairn.etcd.EtcdStatus;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything many times as large as the heap of the JVM that does it, which has 64 MiB. */
class SmallHeapTest {
  @TempDir Path directory;

  @Test
  void aStreamIsSentReceivedSavedAndVerified() throws Exception {
    long mebibytes = TestRun.count(256, 2_048);
    run("stream", Long.toString(mebibytes));
    TestRun.report("MiB streamed with a heap of 64 MiB", mebibytes);
  }

  @Test
  void aStoreIsLoadedSavedConvertedAndRestored() throws Exception {
    long keys = TestRun.count(120_000, 10_000_000);
    run("load", Long.toString(keys), TestRun.full() ? "16" : "1000");
    TestRun.report("keys taken through with a heap of 64 MiB", keys);
  }

  private void run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    command.add(directory.toString());
    command.addAll(List.of(arguments));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  /** What runs in the second JVM. */
  static final class Child {
    private final Path directory;

    private Child(Path directory) {
      this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
      Child child = new Child(Path.of(arguments[0]));
      if (arguments[1].equals("stream")) {
        child.stream(Long.parseLong(arguments[2]) << 20);
      } else {
        child.load(Long.parseLong(arguments[2]), Integer.parseInt(arguments[3]));
      }
    }

    private void stream(long imageBytes) throws IOException {
      Path target = directory.resolve("stream.db");
      Received sent;
      try (IncomingFile file = IncomingFile.create(target, SaveOptions.defaults())) {
        sent = new SnapshotSender(new MadeUp(imageBytes)).sendTo(file::accept);
        check(sent.equals(file.commit()));
      }
      SnapshotFile saved = SnapshotFile.saved(dev.cairn.io.LocalDisk.INSTANCE, target);
      saved.verify();
      check(saved.imageSizeBytes() == imageBytes);
      check(sent.sha256Hex().equals(saved.sha256Hex().orElseThrow()));
    }

    private void load(long keys, int valueBytes) {
      EtcdLoad load = new EtcdLoad(keys, valueBytes, 1);
      Path file = directory.resolve("db");
      Path image = directory.resolve("image.db");
      String hash;
      try (Store store = Store.open(file, StoreConfig.engine("lmdb"))) {
        load.into(store, written -> {});
        hash = store.hash();
        try (Snapshot etcd = EtcdImages.of(store.openView())) {
          Snapshots.save(etcd, image, SaveOptions.defaults());
        }
      }
      SnapshotFile saved = SnapshotFile.inspect(image);
      check(saved.check().ok());
      try (ReadView view = saved.openView()) {
        EtcdStatus status = EtcdStatus.of(view);
        check(status.revision() == load.revision());
        check(status.liveKeys().getAsLong() == load.liveKeys());
      }
      StoreFormat lmdb = StoreFormat.engine(new LmdbEngine());
      RestoreResult restored =
          Restore.restore(RestoreRequest.of(saved, directory.resolve("data"), lmdb));
      check(hash.equals(restored.restoredHash()));
      ConvertResult back =
          Convert.convert(
              SnapshotFile.inspect(restored.database()),
              directory.resolve("again.db"),
              StoreFormat.etcd(),
              ConvertOptions.defaults().withHashAppended());
      check(hash.equals(back.targetHash()));
      check(saved.sha256Hex().equals(SnapshotFile.inspect(back.to()).sha256Hex()));
    }

    private static void check(boolean holds) {
      if (!holds) {
        throw new AssertionError();
      }
    }
  }

  /** An image of any length that is nowhere kept. */
  private static final class MadeUp implements Snapshot {
    private static final int PIECE_BYTES = 1 << 16;

    private final long sizeBytes;

    MadeUp(long sizeBytes) {
      this.sizeBytes = sizeBytes;
    }

    @Override
    public long size() {
      return sizeBytes;
    }

    @Override
    public void writeTo(WritableByteChannel out) throws IOException {
      SplittableRandom random = new SplittableRandom(1);
      byte[] piece = new byte[PIECE_BYTES];
      for (long at = 0; at < sizeBytes; at += piece.length) {
        random.nextBytes(piece);
        out.write(ByteBuffer.wrap(piece));
      }
    }

    @Override
    public void close() {}
  }
}
