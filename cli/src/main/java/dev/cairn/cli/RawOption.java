package dev.cairn.cli;

import dev.cairn.spi.Bucket;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code --raw}: the way past the guard of etcd's history. */
final class RawOption {
  private static final Bucket ETCD_KEYS = Bucket.named("key");

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--raw",
      description = "Also in the bucket \"key\", where etcd keeps its history of revisions.")
  private boolean raw;

  /** Refuses the bucket where a plain pair would break etcd's history. */
  Bucket check(Bucket bucket) {
    if (!raw && bucket.equals(ETCD_KEYS)) {
      throw new ParameterException(
          command.commandLine(),
          "bucket \"key\" holds etcd's revisions, which a plain pair would break; to touch it all"
              + " the same, add --raw");
    }
    return bucket;
  }
}
