package dev.cairn.cli;

import dev.cairn.snapshot.Progress;
import dev.cairn.snapshot.Received;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.MaintenanceClient;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;

/** A server's snapshot. */
final class ServerSource implements SnapshotSource {
  private final MaintenanceClient client;

  /**
   * A client that connects at its first call.
   *
   * @throws IllegalArgumentException for what is no endpoint
   */
  ServerSource(String endpoint, Duration dialTimeout, Duration stallTimeout) {
    client =
        MaintenanceClient.connect(
            endpoint,
            ClientConfig.defaults()
                .withDialMillis(dialTimeout.toMillis())
                .withStallMillis(stallTimeout.toMillis()));
  }

  @Override
  public Received save(Path target, boolean noClobber, Progress progress) {
    SaveOptions options = SaveOptions.defaults().withProgress(progress);
    SnapshotFile file = client.save(target, noClobber ? options.noClobber() : options);
    return received(file);
  }

  static Received received(SnapshotFile file) {
    return new Received(file.imageSizeBytes(), file.sha256Hex().orElseThrow());
  }

  @Override
  public Received copyTo(WritableByteChannel out) throws IOException {
    return client.copyTo(out);
  }

  @Override
  public void close() {
    client.close();
  }
}
