package dev.cairn.cli;

import dev.cairn.spi.BackendConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** {@code -O key=value}, on every command that opens a store to write. */
final class EngineOptions {
  @Option(
      names = "-O",
      paramLabel = "KEY=VALUE",
      description = "An option of the engine, as cairn engines lists them; may be repeated.")
  private Map<String, String> options = new LinkedHashMap<>();

  /** A config with these options; which of them exist is for the engine to say. */
  BackendConfig config(BackendConfig.Access access) {
    BackendConfig config = BackendConfig.defaults().withAccess(access);
    for (Map.Entry<String, String> option : options.entrySet()) {
      config = config.withOption(option.getKey(), option.getValue());
    }
    return config;
  }
}
