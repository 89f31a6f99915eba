package dev.cairn.cli;

import dev.cairn.etcd.ClusterFlags;
import dev.cairn.etcd.NewCluster;
import dev.cairn.etcd.TargetVersion;
import dev.cairn.snapshot.NewMember;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The new cluster that a snapshot is restored for; flags, defaults and words are etcdctl's. */
final class ClusterOptions {
  private static final ClusterFlags DEFAULTS = ClusterFlags.defaults();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The restored member's name. Default: default.")
  private String name;

  @Option(
      names = "--initial-cluster",
      paramLabel = "NAME=URL,...",
      description = "All members. Default: default=http://localhost:2380.")
  private String initialCluster;

  @Option(
      names = "--initial-cluster-token",
      paramLabel = "TOKEN",
      description = "Sets the cluster apart from others with its URLs. Default: etcd-cluster.")
  private String token;

  @Option(
      names = "--initial-advertise-peer-urls",
      paramLabel = "URL,...",
      description = "The restored member's peer URLs. Default: http://localhost:2380.")
  private String peerUrls;

  @Option(
      names = "--wal-dir",
      paramLabel = "DIR",
      description = "Where the WAL goes. Default: member/wal in the data directory.")
  private Path walDir;

  @Option(
      names = "--target-version",
      paramLabel = "3.4|3.5|3.6",
      description = "The etcd that is to start on it. Default: the one that wrote the snapshot.")
  private String target;

  @Option(
      names = {"--bump-revision", "--revision-bump"},
      paramLabel = "N",
      description = "Move the revision on by N; needs --mark-compacted.")
  private long bump;

  @Option(
      names = "--mark-compacted",
      description = "Let everything before the moved revision count as compacted.")
  private boolean markCompacted;

  /** The name, also that of the default data directory. */
  String name() {
    return Optional.ofNullable(name).orElse(DEFAULTS.name());
  }

  /** The member that is restored. Checks what needs no look at the snapshot. */
  NewMember member() {
    if (bump < 0 || (bump > 0) != markCompacted) {
      throw new PlainUsageException(
          command.commandLine(), "--mark-compacted required if --revision-bump > 0");
    }
    NewMember member = NewMember.of(NewCluster.of(flags())).withRevisionBump(bump);
    member = walDir == null ? member : member.withWalDirectory(walDir);
    member = target == null ? member.withTargetOfSnapshot() : member;
    return isGiven() ? member : member.whereEtcd();
  }

  /** Whoever gives one of these flags means a cluster, and is told where there can be none. */
  private boolean isGiven() {
    return bump > 0
        || Stream.of(name, initialCluster, token, peerUrls, walDir, target)
            .anyMatch(Objects::nonNull);
  }

  private ClusterFlags flags() {
    return new ClusterFlags(
        name(),
        Optional.ofNullable(initialCluster).orElse(DEFAULTS.initialCluster()),
        Optional.ofNullable(token).orElse(DEFAULTS.token()),
        Optional.ofNullable(peerUrls).orElse(DEFAULTS.peerUrls()),
        Optional.ofNullable(target).map(TargetVersion::named).orElse(DEFAULTS.target()));
  }
}
