package dev.cairn.cli;

import java.util.Optional;

/** What a command may be told beside its command line. */
interface Surroundings {
  /** A variable of the environment; empty where it is not set or set to nothing. */
  Optional<String> variable(String name);

  /** Asks for a password that is not shown; empty where there is nobody to be asked. */
  Optional<String> password(String prompt);
}
