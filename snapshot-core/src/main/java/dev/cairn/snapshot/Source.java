package dev.cairn.snapshot;

import dev.cairn.etcd.EtcdRewrite;
import dev.cairn.etcd.NewCluster;
import dev.cairn.etcd.TargetVersion;
import dev.cairn.io.Disk;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.BatchView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot or store file on its way into another store: proven first, then read as it is, or as
 * it is rewritten for a new cluster.
 */
final class Source {
  private final SnapshotFile file;
  private final boolean dropSequences;
  private final Progress progress;
  private Optional<NewMember> member;
  private NewCluster cluster;
  private EtcdRewrite rewrite;
  private Content content;

  Source(SnapshotFile file, boolean dropSequences, Progress progress) {
    this(file, dropSequences, Optional.empty(), progress);
  }

  Source(SnapshotFile file, boolean dropSequences, Optional<NewMember> member, Progress progress) {
    this.file = file;
    this.dropSequences = dropSequences;
    this.member = member;
    this.progress = progress;
  }

  /**
   * Reads everything once, so that nothing is created for a source that cannot be read to its end
   * or does not fit.
   */
  Content examine(StoreFormat target) {
    try (ReadView view = openView()) {
      content = Content.of(view, target.builder().limits(), target.name());
    } catch (StorageException e) {
      throw e.file().isPresent() ? e : StorageException.of(e.code(), path(), e.getMessage(), e);
    }
    return content;
  }

  /** Compares what was built with what was read. */
  void checkSame(Content built, String target) {
    if (!built.hash().equals(content.hash())) {
      throw StorageException.of(
          Code.CORRUPT,
          file.path(),
          "has content %s but the %s store made of it has %s; report this"
              .formatted(content.hash(), target, built.hash()));
    }
  }

  /** The content that the new store gets. */
  ReadView openView() {
    ReadView view = file.openView(dropSequences);
    try {
      return member.isEmpty() ? view : rewritten(view);
    } catch (RuntimeException e) {
      view.close();
      throw e;
    }
  }

  /** What is to be changed is found once: it may take a pass over the content. */
  private ReadView rewritten(ReadView view) {
    if (rewrite == null) {
      NewMember wanted = member.get();
      if (!wanted.required() && !EtcdRewrite.fits(view)) {
        member = Optional.empty();
        return view;
      }
      cluster =
          wanted.targetOfSnapshot()
              ? wanted.cluster().forTarget(TargetVersion.of(view))
              : wanted.cluster();
      rewrite = EtcdRewrite.of(view, cluster, wanted.revisionBump());
    }
    return BatchView.of(view, rewrite.changes());
  }

  /** The cluster that is to start on it, once it was examined; empty where it is taken as it is. */
  Optional<NewCluster> cluster() {
    return Optional.ofNullable(cluster);
  }

  /** Whether the new store gets what is in the file, and all of it. */
  boolean isTakenAsItIs() {
    return member.isEmpty() && !dropSequences;
  }

  /** What a person should know of the rewriting. */
  List<String> notes() {
    return rewrite == null ? List.of() : rewrite.notes();
  }

  Content content() {
    return content;
  }

  SnapshotFile file() {
    return file;
  }

  ImageFormat format() {
    return file.imageFormat();
  }

  Disk disk() {
    return file.disk();
  }

  Progress progress() {
    return progress;
  }

  private Path path() {
    return file.path();
  }
}
