package dev.cairn.cli;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints the value at a key. */
@Command(
    name = "get",
    header = "Print the value at a key.",
    description = "Nothing is locked for write or changed; FILE may be a snapshot file.")
final class GetCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private DbOptions db;
  @Mixin private HexOption hex;
  @Mixin private OutputOptions output;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket's name.")
  private String bucket;

  @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
  private String key;

  GetCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    BytesText text = hex.text();
    byte[] wanted = text.parse(key);
    try (ReadView view = db.inspect().openView()) {
      byte[] value = view.get(Bucket.of(text.parse(bucket)), wanted);
      if (value == null) {
        throw StorageException.of(
            Code.NOT_FOUND, db.file(), "no key %s in bucket %s".formatted(key, bucket));
      }
      Entries.print(output, console, text).value(wanted, value);
    }
    return 0;
  }
}
