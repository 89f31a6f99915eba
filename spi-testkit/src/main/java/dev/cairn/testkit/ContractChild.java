package dev.cairn.testkit;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The second JVM of the contract suite: opens a store and says how that went. */
final class ContractChild {
  private static final String OPENED = "opened";

  private ContractChild() {}

  static ChildJvm start(Bench bench, Path store) {
    return ChildJvm.start(
        ContractChild.class, arguments(bench.engine(), bench.config(), store.toString()));
  }

  /** How an engine and a config pass to another JVM, with more behind them. */
  static String[] arguments(Engine engine, BackendConfig config, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add(0, engine.getClass().getName());
    for (Map.Entry<String, String> option : config.options().entrySet()) {
      arguments.add(option.getKey() + "=" + option.getValue());
    }
    return arguments.toArray(String[]::new);
  }

  static Engine engine(String className) throws ReflectiveOperationException {
    return (Engine) Class.forName(className).getConstructor().newInstance();
  }

  static BackendConfig config(String[] arguments, int from) {
    BackendConfig config = BackendConfig.defaults();
    for (int i = from; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      config =
          config.withOption(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
    }
    return config;
  }

  /** What another process hears that opens the store: {@code opened} or the code of its refusal. */
  static String openElsewhere(Bench bench, Path store) throws InterruptedException {
    try (ChildJvm child = start(bench, store)) {
      String answer = child.readLine();
      child.send("done");
      child.awaitEnd();
      return answer;
    }
  }

  static boolean opened(String answer) {
    return OPENED.equals(answer);
  }

  /**
   * Opens, answers, and holds the store until a line comes or stdin ends.
   *
   * @param args engine class, store, options
   */
  public static void main(String[] args) throws ReflectiveOperationException, IOException {
    try (Backend backend = engine(args[0]).open(Path.of(args[1]), config(args, 2))) {
      System.out.println(OPENED);
      System.in.read();
      backend.stats();
    } catch (StorageException e) {
      System.out.println(e.code().text());
    }
  }
}
