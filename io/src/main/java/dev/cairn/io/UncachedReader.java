package dev.cairn.io;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.util.concurrent.Future;

/**
 * Reads a file past the system's cache: what comes is what the disk holds. Made for reads that go
 * forward more or less: whole blocks are read, some are kept, and the one behind the newest is on
 * its way already. What cannot be read this way is read the plain way, which also tells errors.
 */
final class UncachedReader implements DiskFile {
  private static final int BLOCK_BYTES = 512 << 10;
  private static final int BLOCKS = 4;

  /** The number of a block that holds nothing, and of none before or behind it. */
  private static final long NONE = Long.MIN_VALUE;

  private final LocalFile file;
  private final AsynchronousFileChannel channel;
  private final Block[] blocks = new Block[BLOCKS];
  private long uses;
  private boolean open = true;

  /** A piece of the file, or of what it will be when its reading is over. */
  private static final class Block {
    private final ByteBuffer bytes;
    private long number = NONE;
    private long lastUse;
    private Future<Integer> pending;

    Block(int alignmentBytes) {
      bytes = DirectBlocks.allocate(BLOCK_BYTES, alignmentBytes);
    }
  }

  UncachedReader(LocalFile file, AsynchronousFileChannel channel) {
    this.file = file;
    this.channel = channel;
    int alignmentBytes = file.blockBytes();
    for (int i = 0; i < BLOCKS; i++) {
      blocks[i] = new Block(alignmentBytes);
    }
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long sizeBytes() {
    return file.sizeBytes();
  }

  @Override
  public synchronized int read(long offsetBytes, ByteBuffer into) {
    if (!open) {
      throw StorageException.of(Code.CLOSED, path(), "is closed");
    }
    if (offsetBytes < 0) {
      return file.read(offsetBytes, into);
    }
    int done = 0;
    while (into.hasRemaining()) {
      long at = offsetBytes + done;
      int from = (int) (at % BLOCK_BYTES);
      Block block = block(at / BLOCK_BYTES);
      if (from >= block.bytes.limit()) {
        // Behind the end, or not to be had otherwise.
        return done + file.read(at, into);
      }
      int count = Math.min(into.remaining(), block.bytes.limit() - from);
      into.put(block.bytes.slice(from, count));
      done += count;
    }
    return done;
  }

  /** The block with that number, read as far as it can be. */
  private Block block(long number) {
    Block found = find(number);
    boolean first = found == null || found.pending != null;
    if (found == null) {
      found = start(number);
    }
    finish(found);
    found.lastUse = ++uses;
    // Only where the one before is here: a jump to somewhere is no reading forward.
    if (first && find(number - 1) != null && find(number + 1) == null) {
      start(number + 1);
    }
    return found;
  }

  private Block find(long number) {
    for (Block each : blocks) {
      if (each.number == number) {
        return each;
      }
    }
    return null;
  }

  private Block start(long number) {
    Block oldest = blocks[0];
    for (Block each : blocks) {
      if (each.lastUse < oldest.lastUse) {
        oldest = each;
      }
    }
    finish(oldest);
    oldest.number = number;
    oldest.lastUse = ++uses;
    oldest.pending = channel.read(oldest.bytes.clear(), number * BLOCK_BYTES);
    return oldest;
  }

  /** Waits until it is read; at or behind the end it is empty then, as when it was refused. */
  private static void finish(Block block) {
    if (block.pending != null) {
      Future<Integer> awaited = block.pending;
      block.pending = null;
      block.bytes.limit(Math.max(0, DirectBlocks.await(awaited))).position(0);
    }
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) {
    throw readOnly();
  }

  @Override
  public void setLength(long lengthBytes) {
    throw readOnly();
  }

  @Override
  public void sync() {
    throw readOnly();
  }

  private StorageException readOnly() {
    return StorageException.of(Code.READ_ONLY, path(), "is opened to read only");
  }

  @Override
  public synchronized void close() {
    if (!open) {
      return;
    }
    open = false;
    for (Block each : blocks) {
      finish(each);
    }
    file.closeDirect(channel);
    file.close();
  }
}
