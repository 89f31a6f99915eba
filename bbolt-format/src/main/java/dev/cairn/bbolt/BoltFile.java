package dev.cairn.bbolt;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.util.List;

/**
 * A bbolt file, open for reading, of any page size from 512 to 65536 bytes. It takes no lock and
 * changes no byte. Thread-safe; the views that it opens read through it and end with it.
 *
 * <p>Every method throws {@code corrupt}, with the offset, for damaged bytes that it comes across,
 * {@code io} when the file cannot be read, and {@code closed} after {@link #close()}.
 */
public final class BoltFile implements AutoCloseable {
  private final DiskFile file;
  private final MetaPages metas;
  private final BoltMeta meta;
  private volatile boolean closed;

  private BoltFile(DiskFile file, MetaPages metas, BoltMeta meta) {
    this.file = file;
    this.metas = metas;
    this.meta = meta;
  }

  /**
   * Opens a file of which the start counts: what lies behind (a hash) is not looked at.
   *
   * @param disk where
   * @param path the file
   * @param sizeBytes how much of it counts, at most its length
   * @return a file that the caller closes
   * @throws StorageException {@code not-found}; {@code corrupt} when it is not a bbolt file, is cut
   *     off, or both metas are damaged; {@code io}
   */
  public static BoltFile open(Disk disk, Path path, long sizeBytes) {
    return of(disk.open(path, Disk.Mode.READ), sizeBytes);
  }

  /** Closes the file when it fails. */
  private static BoltFile of(DiskFile file, long sizeBytes) {
    Path path = file.path();
    try {
      long lengthBytes = file.sizeBytes();
      if (lengthBytes < sizeBytes) {
        throw StorageException.corrupt(
            path, lengthBytes, "ends " + (sizeBytes - lengthBytes) + " bytes early");
      }
      MetaPages metas = MetaPages.find(file, sizeBytes);
      return new BoltFile(file, metas, metas.require(path, file, sizeBytes));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Opens a file and a view of it that closes the file with itself.
   *
   * @param disk where
   * @param path the file
   * @param sizeBytes how much of it counts
   * @return a view that the caller closes
   * @throws StorageException as {@link #open} and {@link #openView()}
   */
  public static ReadView openView(Disk disk, Path path, long sizeBytes) {
    return openView(disk.open(path, Disk.Mode.READ), sizeBytes);
  }

  /**
   * As {@link #openView(Disk, Path, long)}, of a file that is open.
   *
   * @param file the view's from now on, and closed with it, or now when this fails
   * @param sizeBytes how much of it counts
   * @return a view that the caller closes
   * @throws StorageException as {@link #open} and {@link #openView()}
   */
  public static ReadView openView(DiskFile file, long sizeBytes) {
    BoltFile bolt = of(file, sizeBytes);
    try {
      return new BoltView(bolt, bolt::close, false);
    } catch (RuntimeException e) {
      bolt.close();
      throw e;
    }
  }

  /**
   * Whether a file starts as a bbolt file does: one of its two metas is sound.
   *
   * @param head any file
   * @return true when it is one
   * @throws StorageException {@code io} only
   */
  public static boolean recognizes(HeadReader head) {
    return MetaPages.find(head, head.sizeBytes()).newest() != null;
  }

  /**
   * The meta that counts: the newer of the two that is sound.
   *
   * @return what it says
   */
  public BoltMeta meta() {
    return meta;
  }

  /**
   * How long the image within the file is; a live file may be longer.
   *
   * @return high water times page size, in bytes
   */
  public long imageSizeBytes() {
    return meta.highWaterPages() * meta.pageSizeBytes();
  }

  /**
   * Which file.
   *
   * @return the path it was opened with
   */
  public Path path() {
    return file.path();
  }

  /**
   * Opens a view as {@link #openView(boolean)} does, refusing sequences.
   *
   * @return a view that the caller closes
   */
  public ReadView openView() {
    return openView(false);
  }

  /**
   * Opens a view of the top-level buckets. Its buckets hold keys only: a bucket within a bucket is
   * {@code unsupported} when a call of the view or of a cursor comes to it, and named by its path.
   *
   * @param dropSequences whether a top-level bucket may have a sequence other than 0, which no view
   *     shows
   * @return a view that the caller closes; it does not close this file
   * @throws StorageException {@code unsupported} for a key beside the top-level buckets or for a
   *     sequence; {@code limit} for a bucket's name of more than 255 bytes
   */
  public ReadView openView(boolean dropSequences) {
    checkOpen();
    return new BoltView(this, () -> {}, dropSequences);
  }

  /**
   * All buckets, at any depth, each before those within it and in the order of their names. Reads
   * every branch and leaf, but no value on overflow pages.
   *
   * @return an unmodifiable list
   */
  public List<BoltBucket> buckets() {
    checkOpen();
    return new BucketLister(newPages()).list();
  }

  /** A reader for one thread at a time. */
  Pages newPages() {
    return new Pages(file, meta);
  }

  MetaPages metas() {
    return metas;
  }

  void checkOpen() {
    if (closed) {
      throw StorageException.of(StorageException.Code.CLOSED, path(), "is closed");
    }
  }

  /** Closes the file, and every view with it. Idempotent, from any thread. */
  @Override
  public void close() {
    closed = true;
    file.close();
  }
}
