package dev.cairn.snapshot;

import dev.cairn.io.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A snapshot file that is being received: chunks are checked and written to {@code <name>.part},
 * and only {@link #commit()}, which compares the hash first, gives it its name. Closed without a
 * commit it leaves nothing behind. Used by one thread at a time.
 */
public final class IncomingFile implements AutoCloseable {
  private final SaveOptions options;
  private final Path target;
  private final SaveTarget checks;
  private final AtomicFile part;
  private final SnapshotReceiver receiver;
  private boolean started;

  private IncomingFile(Path target, SaveOptions options, SaveTarget checks, AtomicFile part) {
    this.options = options;
    this.target = target;
    this.checks = checks;
    this.part = part;
    this.receiver = new SnapshotReceiver(part);
  }

  /**
   * Starts a file.
   *
   * @param target the name it will have; its directory exists
   * @param options how
   * @return a file that the caller commits, and closes in any case
   * @throws dev.cairn.spi.StorageException {@code exists} for a target that is not to be replaced;
   *     {@code not-found} without a directory; {@code io}
   */
  public static IncomingFile create(Path target, SaveOptions options) {
    SaveTarget checks = new SaveTarget(options.disk(), target, options.clobber());
    return new IncomingFile(target, options, checks, checks.create());
  }

  /**
   * Takes the next chunk. With the first one the disk is asked whether the announced image has
   * room.
   *
   * @param blob the chunk, emptied from its position to its limit; not kept
   * @param remainingBytes as in {@link SnapshotReceiver#accept}
   * @throws dev.cairn.spi.StorageException {@code corrupt} when the announcement does not fit,
   *     {@code full}, {@code io}
   */
  public void accept(ByteBuffer blob, long remainingBytes) {
    if (!started) {
      started = true;
      checks.checkFree(blob.remaining() + remainingBytes);
    }
    receiver.accept(blob, remainingBytes);
    options.progress().update(part.sizeBytes(), receiver.announcedBytes());
  }

  /**
   * Compares the hash, writes it behind the image and publishes the file, durable when this
   * returns.
   *
   * @return what was received, proven by its hash
   * @throws dev.cairn.spi.StorageException as {@link SnapshotReceiver#finish()}; {@code exists},
   *     {@code full}, {@code io}
   */
  public Received commit() {
    Received received = receiver.finish();
    SaveTarget.publish(part, received);
    return received;
  }

  /**
   * The name it will have.
   *
   * @return as given
   */
  public Path target() {
    return target;
  }

  /** Takes the part away unless committed. Idempotent. */
  @Override
  public void close() {
    receiver.close();
    part.close();
  }
}
