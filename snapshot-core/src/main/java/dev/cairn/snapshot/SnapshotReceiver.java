package dev.cairn.snapshot;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Checks a stream of chunks while it comes in, whatever the cuts between them: it passes the image
 * on and hashes it, but keeps the last 32 bytes back, for they may be the hash. What was passed on
 * is proven only when {@link #finish()} returns.
 *
 * <p>Used by one thread at a time. After a failure every further call throws the same again.
 */
public final class SnapshotReceiver implements AutoCloseable {
  private final WritableByteChannel out;
  private final MessageDigest digest = Sha256.start();
  private final Announced announced = new Announced();
  private final byte[] held = new byte[Sha256.SIZE_BYTES];
  private int heldBytes;
  private long receivedBytes;
  private RuntimeException failure;
  private boolean open = true;

  /**
   * A receiver of one stream.
   *
   * @param out gets the image, without the hash behind it; stays open
   */
  public SnapshotReceiver(WritableByteChannel out) {
    this.out = out;
  }

  /**
   * Takes the next chunk.
   *
   * @param blob the chunk, emptied from its position to its limit; not kept
   * @param remainingBytes how much of the image the sender says is still to come, the hash not
   *     counted; it must fall by the size of each chunk and stay at 0 for the hash
   * @throws StorageException {@code corrupt} when the announcement does not fit
   * @throws UncheckedIOException what {@code out} threw
   */
  public void accept(ByteBuffer blob, long remainingBytes) {
    guarded(
        () -> {
          announced.next(blob.remaining(), remainingBytes);
          receivedBytes += blob.remaining();
          pass(blob);
          return null;
        });
  }

  /**
   * How long the image will be, as the sender announced it with the first chunk.
   *
   * @return bytes, the hash not counted (except where the first chunk is also the last one); 0
   *     before the first chunk
   */
  public long announcedBytes() {
    return announced.imageBytesMax();
  }

  /**
   * Ends the stream and compares.
   *
   * @return what was received, proven by its hash
   * @throws StorageException {@code corrupt} for a stream that is empty, short or without a hash;
   *     {@code hash-mismatch} when the bytes are not those that were sent
   */
  public Received finish() {
    return guarded(this::compare);
  }

  private Received compare() {
    long imageBytes = receivedBytes - Sha256.SIZE_BYTES;
    announced.checkEnd(receivedBytes);
    if (!Sha256.follows(receivedBytes) || imageBytes == 0) {
      throw StorageException.of(
          Code.CORRUPT,
          "no SHA-256 at the end of the snapshot: %d bytes came, not a multiple of 512 and 32 more;"
                  .formatted(receivedBytes)
              + " save it again");
    }
    byte[] hash = digest.digest();
    if (!Arrays.equals(hash, held)) {
      throw StorageException.of(
          Code.HASH_MISMATCH,
          "the snapshot came with SHA-256 %s but its %d bytes have %s; save it again"
              .formatted(
                  Received.of(imageBytes, held).sha256Hex(),
                  imageBytes,
                  Received.of(imageBytes, hash).sha256Hex()));
    }
    return Received.of(imageBytes, hash);
  }

  /** Passes on all but the last 32 of the bytes held so far and those of the chunk. */
  private void pass(ByteBuffer blob) throws IOException {
    int passBytes = Math.max(0, heldBytes + blob.remaining() - held.length);
    int fromHeld = Math.min(passBytes, heldBytes);
    pass(held, fromHeld);
    System.arraycopy(held, fromHeld, held, 0, heldBytes - fromHeld);
    heldBytes -= fromHeld;
    int fromBlob = passBytes - fromHeld;
    ByteBuffer direct = blob.slice(blob.position(), fromBlob);
    digest.update(direct.duplicate());
    writeFully(direct);
    blob.position(blob.position() + fromBlob);
    int rest = blob.remaining();
    blob.get(held, heldBytes, rest);
    heldBytes += rest;
  }

  private void pass(byte[] bytes, int count) throws IOException {
    digest.update(bytes, 0, count);
    writeFully(ByteBuffer.wrap(bytes, 0, count));
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private interface Step<R> {
    R run() throws IOException;
  }

  private <R> R guarded(Step<R> step) {
    if (failure != null) {
      throw failure;
    }
    if (!open) {
      throw StorageException.of(Code.CLOSED, "the receiver of this snapshot is closed");
    }
    try {
      return step.run();
    } catch (IOException e) {
      failure = new UncheckedIOException(e);
      throw failure;
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  /** Ends the receiving; what it wrote to stays open. Idempotent. */
  @Override
  public void close() {
    open = false;
  }
}
