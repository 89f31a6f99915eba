package dev.cairn.snapshot;

import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;

/**
 * Turns a snapshot into chunks: its image, cut into pieces of one size, and behind it the 32 bytes
 * of its SHA-256 as a chunk of its own. One thread; everything happens on the thread that calls
 * {@link #sendTo}, so a slow sink slows the reading and needs no buffer in between.
 */
public final class SnapshotSender {
  /** What a chunk holds unless told otherwise: 1 MiB, where more no longer makes it faster. */
  public static final int CHUNK_BYTES_DEFAULT = 1 << 20;

  /** The most that a chunk may hold: 2 MiB, what etcd's own clients take with room to spare. */
  public static final int CHUNK_BYTES_MAX = 2 << 20;

  private final Snapshot image;
  private final int chunkBytes;

  /**
   * A sender with chunks of {@value #CHUNK_BYTES_DEFAULT} bytes.
   *
   * @param image what to send; the caller closes it
   */
  public SnapshotSender(Snapshot image) {
    this(image, CHUNK_BYTES_DEFAULT);
  }

  /**
   * A sender with chunks of another size; etcd's own is 32,768.
   *
   * @param image what to send; the caller closes it
   * @param chunkBytes 1 to {@value #CHUNK_BYTES_MAX}; every chunk of the image but the last has
   *     this size
   * @throws StorageException {@code limit} for a size out of range
   */
  public SnapshotSender(Snapshot image, int chunkBytes) {
    if (chunkBytes < 1 || chunkBytes > CHUNK_BYTES_MAX) {
      throw StorageException.of(
          Code.LIMIT, "a chunk has 1 to " + CHUNK_BYTES_MAX + " bytes, not " + chunkBytes);
    }
    this.image = image;
    this.chunkBytes = chunkBytes;
  }

  /**
   * Sends all of it. Runs at most once.
   *
   * @param sink takes the chunks; closing it, if need be, is the caller's
   * @return what was sent
   * @throws IOException what the sink threw, unchanged
   * @throws StorageException a failure of the image; {@code corrupt} when it is not as long as it
   *     announced. The hash is then not sent, so no receiver takes the stream for good
   */
  public Received sendTo(ChunkSink sink) throws IOException {
    Chunks chunks = new Chunks(sink, image.size());
    image.writeTo(chunks);
    return chunks.finish();
  }

  /** Cuts, counts and hashes what the image writes. */
  private final class Chunks implements WritableByteChannel {
    private final ChunkSink sink;
    private final MessageDigest digest = Sha256.start();
    private ByteBuffer partial;
    private final long totalBytes;
    private long sentBytes;

    Chunks(ChunkSink sink, long totalBytes) {
      this.sink = sink;
      this.totalBytes = totalBytes;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      int count = from.remaining();
      checkRoom(count);
      while (from.hasRemaining()) {
        if (isPartialEmpty() && from.remaining() >= chunkBytes) {
          forwardWhole(from);
        } else {
          gather(from);
        }
      }
      return count;
    }

    /** A whole chunk needs no copy: the sink is done with it before the writer goes on. */
    private void forwardWhole(ByteBuffer from) throws IOException {
      ByteBuffer chunk = from.slice(from.position(), chunkBytes);
      from.position(from.position() + chunkBytes);
      forward(chunk);
    }

    private void gather(ByteBuffer from) throws IOException {
      if (partial == null) {
        partial = ByteBuffer.allocate((int) Math.min(chunkBytes, totalBytes));
      }
      int count = Math.min(partial.remaining(), from.remaining());
      partial.put(from.slice(from.position(), count));
      from.position(from.position() + count);
      if (!partial.hasRemaining()) {
        forwardPartial();
      }
    }

    private void forwardPartial() throws IOException {
      forward(partial.flip());
      partial.clear();
    }

    private void forward(ByteBuffer chunk) throws IOException {
      digest.update(chunk.duplicate());
      sentBytes += chunk.remaining();
      sink.accept(chunk, totalBytes - sentBytes);
    }

    private void checkRoom(int count) {
      long gathered = partial == null ? 0 : partial.position();
      if (sentBytes + gathered + count > totalBytes) {
        throw StorageException.of(
            Code.CORRUPT, "the image is longer than the " + totalBytes + " bytes it announced");
      }
    }

    private boolean isPartialEmpty() {
      return partial == null || partial.position() == 0;
    }

    Received finish() throws IOException {
      if (!isPartialEmpty()) {
        forwardPartial();
      }
      if (sentBytes != totalBytes) {
        throw StorageException.of(
            Code.CORRUPT,
            "the image ended after %d of the %d bytes it announced"
                .formatted(sentBytes, totalBytes));
      }
      byte[] hash = digest.digest();
      sink.accept(ByteBuffer.wrap(hash.clone()), 0);
      return Received.of(totalBytes, hash);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
