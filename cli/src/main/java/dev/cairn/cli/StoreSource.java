package dev.cairn.cli;

import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.Progress;
import dev.cairn.snapshot.Received;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.SnapshotSender;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.snapshot.grpc.SnapshotFormat;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** The snapshot of a store that is opened read-only; another process may be writing it. */
final class StoreSource implements SnapshotSource {
  private final Path db;
  private final SnapshotFormat format;
  private volatile Runnable cancel = () -> {};

  StoreSource(Path db, SnapshotFormat format) {
    this.db = db;
    this.format = format;
  }

  @Override
  public Received save(Path target, boolean noClobber, Progress progress) {
    SaveOptions options = SaveOptions.defaults().withProgress(progress);
    SaveOptions chosen = noClobber ? options.noClobber() : options;
    try {
      return with(image -> ServerSource.received(Snapshots.save(image, target, chosen)));
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  @Override
  public Received copyTo(WritableByteChannel out) throws IOException {
    return with(
        image ->
            new SnapshotSender(image)
                .sendTo(
                    (chunk, remainingBytes) -> {
                      while (chunk.hasRemaining()) {
                        out.write(chunk);
                      }
                    }));
  }

  private interface Use {
    Received of(Snapshot image) throws IOException;
  }

  private Received with(Use use) throws IOException {
    if (format == SnapshotFormat.ETCD) {
      try (Snapshot image = EtcdImages.of(SnapshotFile.inspect(db).openView())) {
        cancel = image::close;
        return use.of(image);
      }
    }
    BackendConfig readOnly = BackendConfig.defaults().withAccess(Access.READ_ONLY);
    try (Store store = Store.open(db, StoreConfig.existing().withBackend(readOnly));
        Snapshot image = store.snapshot().image()) {
      cancel = image::close;
      return use.of(image);
    }
  }

  @Override
  public void close() {
    cancel.run();
  }
}
