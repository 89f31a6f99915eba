package dev.cairn.cli;

import dev.cairn.spi.Bucket;
import dev.cairn.store.Store;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts one pair. */
@Command(name = "put", header = "Put a value at a key, durably.")
final class PutCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private DbOptions db;
  @Mixin private EngineOptions options;
  @Mixin private HexOption hex;
  @Mixin private RawOption raw;

  @Option(names = "--create-bucket", description = "Make the bucket where it is absent.")
  private boolean createBucket;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket's name.")
  private String bucket;

  @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
  private String key;

  @Parameters(index = "2", paramLabel = "VALUE", description = "The value.")
  private String value;

  PutCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    BytesText text = hex.text();
    Bucket target = raw.check(Bucket.of(text.parse(bucket)));
    byte[] keyBytes = text.parse(key);
    byte[] valueBytes = text.parse(value);
    try (Store store = Stores.open(db, options)) {
      store.update(
          tx -> {
            if (createBucket) {
              tx.createBucket(target);
            }
            tx.put(target, keyBytes, valueBytes);
          });
    }
    console.out().println("OK");
    return 0;
  }
}
