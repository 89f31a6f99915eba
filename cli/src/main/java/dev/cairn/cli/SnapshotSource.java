package dev.cairn.cli;

import dev.cairn.snapshot.Progress;
import dev.cairn.snapshot.Received;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Where a snapshot is saved from. */
interface SnapshotSource extends AutoCloseable {
  /** Saves it as a file, whole or not at all. */
  Received save(Path target, boolean noClobber, Progress progress);

  /** Writes image and hash as they come. */
  Received copyTo(WritableByteChannel out) throws IOException;

  /** Ends what is being saved. Idempotent, from any thread. */
  @Override
  void close();
}
