package dev.cairn.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Wrong words, said as etcdctl says it: with nothing behind. */
final class PlainUsageException extends ParameterException {
  private static final long serialVersionUID = 1L;

  PlainUsageException(CommandLine command, String line) {
    super(command, line);
  }
}
