package dev.cairn.cli;

import dev.cairn.etcd.EtcdHash;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the two hashes of all content. */
@Command(
    name = "hash",
    header = "Print the hashes of all content.",
    description =
        "The content hash v1 is a SHA-256 over framed buckets, keys and values; the other "
            + "is the CRC32C that etcdctl snapshot status prints. Both are equal on every "
            + "engine.")
final class HashCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private DbOptions db;
  @Mixin private OutputOptions output;

  HashCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (ReadView view = db.inspect().openView()) {
      long etcd = Integer.toUnsignedLong(EtcdHash.status(view));
      output
          .sheet(
              console.out(),
              Column.text("CONTENT HASH", "contentHash", "ContentHash"),
              Column.number("ETCD HASH", "etcdHash", "EtcdHash"))
          .only(Cell.of(ContentHash.v1(view)), Cell.shown(Long.toHexString(etcd), etcd));
    }
    return 0;
  }
}
