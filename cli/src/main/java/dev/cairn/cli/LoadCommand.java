package dev.cairn.cli;

import dev.cairn.etcd.EtcdLoad;
import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engines;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a store with made-up content. */
@Command(
    name = "load",
    header = "Make a store full of made-up content.",
    description = {
      "Make a store full of made-up content, the same for the same arguments. It is what an etcd",
      "would hold: keys as revisions, a tenth of them overwritten and a twentieth deleted, leases,",
      "a member. With --raw BUCKET it is plain pairs. Never replaces a file."
    })
final class LoadCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private EngineOptions options;
  @Mixin private OutputOptions output;

  @Option(names = "--db", required = true, paramLabel = "FILE", description = "The file to make.")
  private Path file;

  @Option(
      names = "--engine",
      paramLabel = "E",
      defaultValue = "lmdb",
      description = "The store's engine. Default: ${DEFAULT-VALUE}.")
  private String engine;

  @Option(
      names = "--keys",
      required = true,
      paramLabel = "N",
      description = "How many keys to put.")
  private long keys;

  @Option(
      names = "--value-bytes",
      paramLabel = "B",
      defaultValue = "256",
      description = "How long each value is. Default: ${DEFAULT-VALUE}.")
  private int valueBytes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Another seed gives other content. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--raw", paramLabel = "BUCKET", description = "Plain pairs in this bucket.")
  private String rawBucket;

  LoadCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Disk disk = LocalDisk.INSTANCE;
    if (disk.exists(file)) {
      throw StorageException.of(Code.EXISTS, file, "exists already; name another file");
    }
    List<Path> made =
        Engines.named(engine).files(file).stream()
            .filter(each -> !disk.exists(each))
            .collect(Collectors.toList());
    try (ProgressBar bar = new ProgressBar(console, "loading")) {
      OnExit.during(() -> loadOrDelete(bar, made), bar::cancel);
    }
    return 0;
  }

  private boolean loadOrDelete(ProgressBar bar, List<Path> made) {
    boolean done = false;
    try {
      load(bar);
      done = true;
    } finally {
      if (!done) {
        made.forEach(LocalDisk.INSTANCE::delete);
      }
    }
    return done;
  }

  private void load(ProgressBar bar) {
    try (Store store = Stores.create(file, engine, options)) {
      if (rawBucket == null) {
        EtcdLoad load = new EtcdLoad(keys, valueBytes, seed);
        load.into(store, changes -> bar.updateShare(changes, load.changes()));
        tell(store, load.liveKeys(), load.revision());
      } else {
        new RawLoad(Bucket.named(rawBucket), keys, valueBytes, seed)
            .into(store, pairs -> bar.updateShare(pairs, keys));
        tell(store, keys, 0);
      }
    }
  }

  private void tell(Store store, long liveKeys, long revision) {
    output
        .sheet(
            console.out(),
            Column.text("FILE", "file", "File"),
            Column.text("ENGINE", "engine", "Engine"),
            Column.number("KEYS", "keys", "Keys"),
            Column.number("REVISION", "revision", "Revision"),
            Column.number("SIZE", "fileBytes", "FileBytes"))
        .only(
            Cell.of(file.toString()),
            Cell.of(engine),
            Cell.shown(liveKeys + " keys", liveKeys),
            Cell.shown("revision " + revision, revision),
            Cell.bytes(store.stats().backend().fileBytes()));
  }
}
