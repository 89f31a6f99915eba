package dev.cairn.cli;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the whole story, and proves it. */
@Command(
    name = "demo",
    header = "Show and prove the whole story, from load to a real etcd.",
    description = {
      "Load a store, serve it, save it over gRPC while it is written, verify, restore, convert;",
      "where etcd and etcdctl are on the PATH, boot a real etcd on the result. Compares all ends",
      "and exits with 1 when anything differs. Works in a temporary directory that it removes."
    })
final class DemoCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--engine",
      paramLabel = "E",
      defaultValue = "lmdb",
      description = "The engine of the first store. Default: ${DEFAULT-VALUE}.")
  private String engine;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100000",
      description = "How many keys to load. Default: ${DEFAULT-VALUE}.")
  private long keys;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Demo demo = new Demo(console, engine, keys);
    if (!OnExit.during(() -> run(demo), demo::stop)) {
      throw StorageException.of(Code.IO, "the demo's ends differ, see above; please report this");
    }
    return 0;
  }

  private static boolean run(Demo demo) throws IOException {
    try (TemporaryDirectory directory = new TemporaryDirectory("cairn-demo-")) {
      return demo.run(directory.path());
    }
  }
}
