package dev.cairn.cli;

import java.io.Console;
import java.util.Optional;

/** The environment and the terminal of this process. */
final class ProcessSurroundings implements Surroundings {
  @Override
  public Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isEmpty());
  }

  @Override
  public Optional<String> password(String prompt) {
    Console terminal = System.console();
    if (terminal == null || !isTerminal(terminal)) {
      return Optional.empty();
    }
    return Optional.ofNullable(terminal.readPassword("%s", prompt)).map(String::new);
  }

  /** Since Java 22 there is a console in any case, and a method that tells. */
  private static boolean isTerminal(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException olderJava) {
      return true;
    }
  }
}
