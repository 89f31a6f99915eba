package dev.cairn.bbolt;

import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The content of any view as a bbolt file that etcd's tools read: image rules v1. The same content
 * gives the same bytes, whatever engine holds it and however it came there.
 *
 * <p>The view is gone through twice, first to learn where the root and the end will be, then to
 * write. Nothing is kept but the nodes from a root down to a leaf, at most a page or two keys each,
 * whatever the number of entries and the length of the values.
 */
public final class BoltImage implements Snapshot {
  private static final int CHUNK_BYTES = 1 << 20;

  private final ReadView view;
  private final ImagePlan plan;
  private final AtomicBoolean written = new AtomicBoolean();
  private volatile boolean closed;

  private BoltImage(ReadView view, ImagePlan plan) {
    this.view = view;
    this.plan = plan;
  }

  /**
   * Plans the image of a view: goes through all of it once.
   *
   * @param view what the image will hold; it belongs to the image, which closes it, from now on and
   *     also when this throws
   * @return an image that the caller closes
   * @throws StorageException {@code limit} for a key of more than 32768 bytes; {@code corrupt} when
   *     the view's keys do not rise; else as the view's calls
   */
  public static BoltImage of(ReadView view) {
    try {
      return new BoltImage(view, ImagePlan.of(view));
    } catch (RuntimeException | Error e) {
      view.close();
      throw e;
    }
  }

  @Override
  public long size() {
    return plan.sizeBytes();
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    checkOpen();
    if (written.getAndSet(true)) {
      throw new IllegalStateException("an image is written once");
    }
    PageOut pages = new PageOut(out, CHUNK_BYTES, this::checkChunk);
    try {
      pour(pages);
      view.close();
      pages.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void pour(PageOut pages) {
    PageNumbers numbers = new PageNumbers();
    pages.meta(0, plan.meta(ImageRules.TXID_FIRST));
    pages.zerosUntil(1);
    pages.meta(1, plan.meta(ImageRules.TXID_SECOND));
    PouredTree top = new PouredTree(numbers, pages, Layout.ELEMENT_BUCKET);
    long root = ImageWalk.walk(view, top, bucket -> new PouredTree(numbers, pages, 0));
    if (numbers.next() > plan.highWaterPages()) {
      throw changed();
    }
    pages.zerosUntil(numbers.next());
    if (root != plan.rootPage() || pages.positionBytes() != size()) {
      throw changed();
    }
  }

  /** Before a chunk goes out: neither after the end nor after the close. */
  private void checkChunk(long endBytes) {
    checkOpen();
    if (endBytes > size()) {
      throw changed();
    }
  }

  private StorageException changed() {
    return StorageException.of(
        Code.CORRUPT, "the view changed while its image was made; the image is of no use");
  }

  private void checkOpen() {
    if (closed) {
      throw StorageException.of(Code.CLOSED, "this image is closed");
    }
  }

  /** Closes the view too; a running {@link #writeTo} throws {@code closed} within one chunk. */
  @Override
  public void close() {
    closed = true;
    view.close();
  }
}
