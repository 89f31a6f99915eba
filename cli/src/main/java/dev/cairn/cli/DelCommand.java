package dev.cairn.cli;

import dev.cairn.spi.Bucket;
import dev.cairn.store.Store;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes one key. */
@Command(
    name = "del",
    header = "Delete a key, durably.",
    description = "Prints how many keys were there: 1 or 0.")
final class DelCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private DbOptions db;
  @Mixin private EngineOptions options;
  @Mixin private HexOption hex;
  @Mixin private RawOption raw;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket's name.")
  private String bucket;

  @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
  private String key;

  DelCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    BytesText text = hex.text();
    Bucket target = raw.check(Bucket.of(text.parse(bucket)));
    byte[] keyBytes = text.parse(key);
    AtomicBoolean there = new AtomicBoolean();
    try (Store store = Stores.open(db, options)) {
      store.update(
          tx -> {
            there.set(tx.get(target, keyBytes) != null);
            tx.delete(target, keyBytes);
          });
    }
    console.out().println(there.get() ? 1 : 0);
    return 0;
  }
}
