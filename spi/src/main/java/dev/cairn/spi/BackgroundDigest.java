package dev.cairn.spi;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A digest of much in small pieces: while the next piece is found, a thread digests those before.
 * What fits into one buffer starts no thread. One thread at a time.
 */
final class BackgroundDigest implements AutoCloseable {
  private static final int BUFFER_BYTES = 512 << 10;
  private static final int FIRST_BYTES = 4 << 10;

  private final MessageDigest digest;
  private ByteBuffer filling = ByteBuffer.allocate(FIRST_BYTES);
  private ByteBuffer digesting;
  private ExecutorService thread;
  private Future<?> pending;

  BackgroundDigest(MessageDigest digest) {
    this.digest = digest;
  }

  /** Takes all of a buffer; it may be used again when this returns. */
  void update(ByteBuffer from) {
    while (from.remaining() > filling.remaining()) {
      int count = filling.remaining();
      filling.put(from.slice(from.position(), count));
      from.position(from.position() + count);
      makeRoom();
    }
    filling.put(from);
  }

  private void makeRoom() {
    if (filling.capacity() < BUFFER_BYTES) {
      filling = ByteBuffer.allocate(filling.capacity() * 4).put(filling.flip());
      return;
    }
    if (thread == null) {
      thread = Executors.newSingleThreadExecutor(BackgroundDigest::daemon);
      digesting = ByteBuffer.allocate(BUFFER_BYTES);
    }
    await();
    ByteBuffer full = filling.flip();
    filling = digesting.clear();
    digesting = full;
    pending = thread.submit(() -> digest.update(full));
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "cairn-hash");
    thread.setDaemon(true);
    return thread;
  }

  /** Not cut short by an interrupt: it is not long, and half a hash is none. */
  private void await() {
    boolean interrupted = false;
    while (pending != null) {
      try {
        pending.get();
        pending = null;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a digest failed", e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The digest of all that was taken. */
  byte[] finish() {
    await();
    digest.update(filling.flip());
    return digest.digest();
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.shutdown();
    }
  }
}
