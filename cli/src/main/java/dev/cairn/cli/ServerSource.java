package dev.cairn.cli;

import dev.cairn.snapshot.Progress;
import dev.cairn.snapshot.Received;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.MaintenanceClient;
import dev.cairn.spi.StorageException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A server's snapshot. */
final class ServerSource implements SnapshotSource {
  private final MaintenanceClient client;

  /**
   * A client that connects at its first call.
   *
   * @throws IllegalArgumentException for what is no endpoint
   * @throws StorageException for a PEM file
   */
  ServerSource(String endpoint, ClientConfig config) {
    client = MaintenanceClient.connect(endpoint, config);
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
