package dev.cairn.io;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Future;

/**
 * Writes a file from its beginning in large blocks past the system's cache, one of them while the
 * next is filled. What is written once and read later or never has no use of the cache: filling it
 * costs more than the writing, and drives out what others read.
 *
 * <p>Whatever the disk does not take this way (the rest that fills no block, a block that it wrote
 * in part or refused, all of them where it knows no such writes) goes the plain way, which also
 * tells errors in full. One thread at a time.
 */
final class DirectAppender implements Closeable {
  static final int BLOCK_BYTES = 1 << 20;

  private final LocalFile file;
  private AsynchronousFileChannel channel;
  private boolean asked;

  /** Filled for the place behind all before. */
  private ByteBuffer filling;

  private long fillingOffsetBytes;

  /** On its way to the disk while {@link #pending} is set. */
  private ByteBuffer writing;

  private Future<Integer> pending;
  private boolean failed;

  DirectAppender(LocalFile file) {
    this.file = file;
    int alignmentBytes = file.blockBytes();
    filling = DirectBlocks.allocate(BLOCK_BYTES, alignmentBytes);
    writing = DirectBlocks.allocate(BLOCK_BYTES, alignmentBytes);
  }

  /** Takes the next bytes; throws perhaps for some that were taken before, and then for ever. */
  void write(ByteBuffer from) {
    if (failed) {
      throw new IllegalStateException(file.path() + ": a write failed");
    }
    failed = true;
    while (from.hasRemaining()) {
      int count = Math.min(filling.remaining(), from.remaining());
      filling.put(from.slice(from.position(), count));
      from.position(from.position() + count);
      if (!filling.hasRemaining()) {
        send();
      }
    }
    failed = false;
  }

  private void send() {
    awaitPending();
    if (!asked) {
      asked = true;
      channel = file.openDirect(StandardOpenOption.WRITE);
    }
    filling.flip();
    if (channel == null) {
      file.write(fillingOffsetBytes, filling);
      filling.clear();
    } else {
      pending = channel.write(filling, fillingOffsetBytes);
      ByteBuffer free = writing;
      writing = filling;
      filling = free.clear();
    }
    fillingOffsetBytes += BLOCK_BYTES;
  }

  /** Waits for the block on its way, and writes it here if the disk did not take all of it. */
  private void awaitPending() {
    if (pending != null && !written()) {
      file.write(fillingOffsetBytes - BLOCK_BYTES, writing.clear());
    }
  }

  private boolean written() {
    Future<Integer> awaited = pending;
    pending = null;
    return DirectBlocks.await(awaited) == BLOCK_BYTES;
  }

  /** Writes what is kept: all is in the file then, not yet durable. Nothing more is taken. */
  void finish() {
    awaitPending();
    file.write(fillingOffsetBytes, filling.flip());
    close();
  }

  /** Drops what is kept; the file stays open. Idempotent. */
  @Override
  public void close() {
    failed = true;
    if (pending != null) {
      written();
    }
    if (channel != null) {
      file.closeDirect(channel);
      channel = null;
    }
  }
}
