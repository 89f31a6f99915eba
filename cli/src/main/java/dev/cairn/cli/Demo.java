package dev.cairn.cli;

import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.EtcdLoad;
import dev.cairn.etcd.EtcdStatus;
import dev.cairn.snapshot.Convert;
import dev.cairn.snapshot.ConvertOptions;
import dev.cairn.snapshot.ConvertResult;
import dev.cairn.snapshot.Restore;
import dev.cairn.snapshot.RestoreRequest;
import dev.cairn.snapshot.RestoreResult;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.StoreFormat;
import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.MaintenanceClient;
import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.snapshot.grpc.MaintenanceServer;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** The steps of the demo. */
final class Demo {
  private static final int VALUE_BYTES = 256;

  private final Console console;
  private final String engine;
  private final EtcdLoad load;
  private final DemoTable table = new DemoTable();
  private Path directory;
  private volatile Runnable running = () -> {};
  private volatile boolean stopped;

  Demo(Console console, String engine, long keys) {
    this.console = console;
    this.engine = Engines.named(engine).info().name();
    this.load = new EtcdLoad(keys, VALUE_BYTES, 1);
  }

  /** Runs all steps in an empty directory; false when any two ends differ. */
  boolean run(Path emptyDirectory) throws IOException {
    directory = emptyDirectory;
    SnapshotFile saved;
    try (Store source = Store.open(directory.resolve("source.db"), StoreConfig.engine(engine))) {
      load(source);
      saved = saveWhileWriting(source);
    }
    verify(saved);
    Path restored = restore(saved);
    convertBack(restored);
    bootEtcd(saved);
    console.out().println();
    table.print(console.out());
    boolean same = table.allSame();
    console.out().println(same ? "All ends are the same." : "NOT all ends are the same.");
    return same;
  }

  private void load(Store source) {
    Clock clock = new Clock();
    try (ProgressBar bar = new ProgressBar(console, "loading")) {
      load.into(source, changes -> bar.updateShare(changes, load.changes()));
    }
    step(
        clock,
        "load",
        "%s store: %,d changes, %s"
            .formatted(
                engine, load.changes(), Sizes.decimal(source.stats().backend().fileBytes())));
  }

  private SnapshotFile saveWhileWriting(Store source) {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    SnapshotFile saved;
    try (MaintenanceServer server =
        MaintenanceServer.start(source, anyPort, MaintenanceConfig.defaults())) {
      saved = saveFrom(ListenAddress.text(server.address()), source);
    }
    compareSource(source, saved);
    return saved;
  }

  private SnapshotFile saveFrom(String endpoint, Store source) {
    try (MaintenanceClient client = MaintenanceClient.connect(endpoint, ClientConfig.defaults());
        DemoWriter writer = DemoWriter.start(source)) {
      running = client::close;
      Clock clock = new Clock();
      long before = writer.written();
      SnapshotFile saved = save(client);
      step(
          clock,
          "save",
          "%s over gRPC, hashed on the way; %,d durable puts meanwhile"
              .formatted(Sizes.decimal(saved.imageSizeBytes()), writer.written() - before));
      return saved;
    }
  }

  private SnapshotFile save(MaintenanceClient client) {
    try (ProgressBar bar = new ProgressBar(console, "saving")) {
      return client.save(directory.resolve("saved.db"), SaveOptions.defaults().withProgress(bar));
    }
  }

  /**
   * The source has gone on, so it is asked for the revision that was saved: HashKV looks back, and
   * how many keys lived then follows from what was written.
   */
  private void compareSource(Store source, SnapshotFile saved) {
    long revision;
    try (ReadView view = saved.openView()) {
      revision = EtcdStatus.of(view).revision();
    }
    long hashKv = source.view(view -> Integer.toUnsignedLong(EtcdHash.hashKv(view, revision)));
    long liveKeys = load.liveKeys() + (revision - load.revision());
    table.add(new DemoTable.End("source", revision, liveKeys, hashKv, null, null));
  }

  private void verify(SnapshotFile saved) {
    Clock clock = new Clock();
    saved.verify();
    Findings.throwIfAny(saved.path(), saved.check(), console);
    step(clock, "verify", "the SHA-256 at its end, every page, every entry in order");
    addEnd("saved", saved, saved.sha256Hex().orElseThrow());
  }

  private Path restore(SnapshotFile saved) {
    Clock clock = new Clock();
    Engine second =
        Engines.all().stream()
            .filter(each -> !each.info().name().equals(engine))
            .findFirst()
            .orElseGet(() -> Engines.named(engine));
    RestoreResult result =
        Restore.restore(
            RestoreRequest.of(saved, directory.resolve("restored"), StoreFormat.engine(second)));
    boolean other = !result.format().equals(engine);
    step(
        clock,
        "restore",
        "etcd image -> %s store%s, %,d entries"
            .formatted(
                result.format(), other ? "" : " (no other engine is here)", result.entries()));
    return result.database();
  }

  /** The restored store, poured as an etcd image again, must be the saved file byte by byte. */
  private void convertBack(Path restored) {
    Clock clock = new Clock();
    ConvertResult result =
        Convert.convert(
            SnapshotFile.inspect(restored),
            directory.resolve("converted.db"),
            StoreFormat.etcd(),
            ConvertOptions.defaults().withHashAppended());
    step(clock, "convert", "%s store -> etcd image again".formatted(result.fromFormat()));
    SnapshotFile converted = SnapshotFile.inspect(result.to());
    addEnd("restored", SnapshotFile.inspect(restored), null);
    addEnd("converted", converted, converted.sha256Hex().orElseThrow());
  }

  private void addEnd(String name, SnapshotFile file, String imageSha256) {
    try (ReadView view = file.openView()) {
      EtcdStatus status = EtcdStatus.of(view);
      table.add(
          new DemoTable.End(
              name,
              status.revision(),
              status.liveKeys().orElse(-1),
              Integer.toUnsignedLong(EtcdHash.hashKv(view, 0)),
              ContentHash.v1(view),
              imageSha256));
    }
  }

  private void bootEtcd(SnapshotFile saved) throws IOException {
    Optional<EtcdTools> tools = EtcdTools.find();
    if (tools.isEmpty()) {
      console
          .out()
          .println("  etcd      not on the PATH; with etcd and etcdctl a real one is booted");
      return;
    }
    Clock clock = new Clock();
    Path dataDir = directory.resolve("etcd");
    EtcdTools.Output restored =
        tools.get().snapshot("restore", saved.path().toString(), "--data-dir", dataDir.toString());
    if (restored.exitCode() != 0) {
      throw new IOException("etcdctl snapshot restore: " + restored.err().strip());
    }
    try (RealEtcd etcd = RealEtcd.start(tools.get(), dataDir)) {
      running = etcd::close;
      step(
          clock,
          "etcd",
          "a real etcd %s restored the same file and serves it".formatted(tools.get().version()));
      String count = etcd.ask("get", "", "--prefix", "--limit", "1", "--keys-only", "-w", "json");
      table.add(
          new DemoTable.End(
              "etcd " + tools.get().version(),
              EtcdTools.number(count, "revision"),
              EtcdTools.number(count, "count"),
              etcd.hashKv(),
              null,
              null));
    }
  }

  private void step(Clock clock, String name, String what) {
    if (stopped) {
      throw StorageException.of(Code.CLOSED, "the demo was stopped by a signal");
    }
    console.out().println("  %-8s %5.1f s  %s".formatted(name, clock.seconds(), what));
    console.out().flush();
  }

  /** Makes the step in progress fail, or the next one; from another thread. */
  void stop() {
    stopped = true;
    running.run();
  }

  /** Measures a step. */
  private static final class Clock {
    private final long startNanos = System.nanoTime();

    double seconds() {
      return (System.nanoTime() - startNanos) / 1e9;
    }
  }
}
