package dev.cairn.store;

import static java.util.Objects.requireNonNull;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A state of the store and the backend view of its version. What the pending writes alone answer
 * needs no pin, so it is still answered when the pin was revoked.
 */
final class MergedView implements ReadView {
  private final Generation generation;
  private final ReadView base;
  private final Layered reads;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over the base and one hold on the generation. */
  MergedView(Generation generation, List<Layer> layers, ReadView base) {
    this.generation = generation;
    this.base = base;
    this.reads = new Layered(layers, () -> base);
  }

  /** The newest commit of a backend, with nothing over it. */
  static MergedView open(Generation generation) {
    generation.hold();
    try {
      return new MergedView(generation, List.of(), generation.backend().openView());
    } catch (RuntimeException | Error e) {
      generation.release();
      throw e;
    }
  }

  @Override
  public List<Bucket> buckets() {
    checkOpen();
    return reads.buckets();
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    checkOpen();
    return reads.openCursor(requireNonNull(bucket), this::checkOpen);
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    checkOpen();
    return reads.get(requireNonNull(bucket), requireNonNull(key));
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    checkOpen();
    return reads.lastKey(requireNonNull(bucket), this::checkOpen);
  }

  private void checkOpen() {
    if (closed.get()) {
      throw Closed.exception("this view");
    }
    generation.checkOpen();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        base.close();
      } finally {
        generation.release();
      }
    }
  }
}
