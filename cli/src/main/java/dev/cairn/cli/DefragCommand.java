package dev.cairn.cli;

import dev.cairn.store.Store;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compacts a store by copying it. */
@Command(
    name = "defrag",
    header = "Compact a store by copy.",
    description =
        "Needs room for the copy and keeps the old file until the new one is durable. "
            + "Prints the sizes before and after.")
final class DefragCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private DbOptions db;
  @Mixin private EngineOptions options;
  @Mixin private OutputOptions output;

  DefragCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Store store = Stores.open(db, options)) {
      long before = store.stats().backend().fileBytes();
      store.defragment();
      long after = store.stats().backend().fileBytes();
      output
          .sheet(
              console.out(),
              Column.number("BEFORE", "beforeBytes", "BeforeBytes"),
              Column.number("AFTER", "afterBytes", "AfterBytes"))
          .only(Cell.bytes(before), Cell.bytes(after));
    }
    return 0;
  }
}
