package dev.cairn.cli;

import dev.cairn.spi.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every failure into one line on stderr and an exit code. */
final class ErrorLines implements IParameterExceptionHandler, IExecutionExceptionHandler {
  static final int FAILURE = 1;
  static final int USAGE = 2;

  private final Console console;
  private final CommonOptions common;

  ErrorLines(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] args) {
    print(usageLine(wrong), wrong);
    return USAGE;
  }

  private static String usageLine(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    if (wrong instanceof PlainUsageException) {
      return wrong.getMessage();
    }
    if (command.getCommand() instanceof OneArgument one && isAboutArguments(wrong)) {
      return one.complaint();
    }
    String line =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched)
            : wrong.getMessage();
    return line + "; see " + command.getCommandSpec().qualifiedName() + " --help";
  }

  private static boolean isAboutArguments(ParameterException wrong) {
    if (wrong instanceof MissingParameterException missing) {
      return missing.getMissing().stream().anyMatch(ArgSpec::isPositional);
    }
    return wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().get(0).startsWith("-");
  }

  private static String unmatched(UnmatchedArgumentException wrong) {
    String given = wrong.getUnmatched().get(0);
    CommandLine command = wrong.getCommandLine();
    boolean option = given.startsWith("-");
    boolean group = !command.getSubcommands().isEmpty();
    String what = option ? "option" : group ? "command" : "argument";
    return Suggestions.closest(
            given,
            option
                ? command.getCommandSpec().optionsMap().keySet()
                : command.getSubcommands().keySet())
        .map(name -> "unknown %s \"%s\"; did you mean %s?".formatted(what, given, name))
        .orElse("unknown %s \"%s\"".formatted(what, given));
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    return failure instanceof ParameterException wrong
        ? handleParseException(wrong, new String[0])
        : report(failure);
  }

  /** Prints the line of a failure and tells its exit code. */
  int report(Throwable failure) {
    if (failure instanceof StorageException known) {
      print(known.getMessage(), known);
      return known.code().exitCode();
    }
    if (failure instanceof UncheckedIOException || failure instanceof IOException) {
      print(failure.getMessage(), failure);
      return FAILURE;
    }
    print(failure + "; this is not expected, --debug shows where", failure);
    return FAILURE;
  }

  private void print(String line, Throwable failure) {
    console.out().flush();
    console.err().println("Error: " + line.strip().replaceAll("\\s*\\R\\s*", "; "));
    if (common.debug()) {
      failure.printStackTrace(console.err());
    }
    console.err().flush();
  }
}
