package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.AtomicFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Turns an image into the main file of a new store, which has no name before all of it is good. */
final class ImageInstaller {
  private final AtomicFile target;
  private final Path path;
  private final ReadableByteChannel image;
  private final long sizeBytes;

  /**
   * An install.
   *
   * @param target the caller's to commit and to close
   */
  ImageInstaller(AtomicFile target, Path path, ReadableByteChannel image, long sizeBytes) {
    this.target = target;
    this.path = path;
    this.image = image;
    this.sizeBytes = sizeBytes;
  }

  void install() throws IOException {
    long count = ImageFormat.pageCount(sizeBytes);
    if (count < 0) {
      throw StorageException.of(
          Code.CORRUPT, path, "what is to be installed is no image, or one that is cut short");
    }
    Identity identity = Identity.fresh(PageFile.FORMAT_VERSION);
    PageFile.writeHeader(identity, target);
    int sumOfSums = copyPages(identity, count);
    if (readSums(count) != sumOfSums
        || ImageFormat.checkFooter(read(ImageFormat.FOOTER_BYTES), count, path) != sumOfSums) {
      throw StorageException.of(Code.CORRUPT, path, "the image is damaged; take another one");
    }
    PageFile pages = PageFile.open(target.file());
    if (StoreImage.pageCount(pages) != count) {
      throw StorageException.of(Code.CORRUPT, path, "the image says that it is of another length");
    }
    new Content(pages).rootHolders();
  }

  /** Returns the sum of the pages' sums. */
  private int copyPages(Identity identity, long count) throws IOException {
    ByteBuffer blocks = ByteBuffer.allocate(Pages.GROWTH_PAGES * PageFile.BLOCK_BYTES);
    byte[] seed = identity.encode();
    CRC32C sums = new CRC32C();
    ByteBuffer sum = ByteBuffer.allocate(ImageFormat.SUM_BYTES);
    for (long page = 0; page < count; page++) {
      byte[] bytes = read(Pages.PAGE_BYTES);
      sums.update(sum.clear().putInt(ImageFormat.sum(bytes)).flip());
      PageFile.putBlock(seed, page, bytes, blocks);
      if (!blocks.hasRemaining()) {
        target.write(blocks.flip());
        blocks.clear();
      }
    }
    return (int) sums.getValue();
  }

  private int readSums(long count) throws IOException {
    CRC32C sums = new CRC32C();
    for (long unit = 0; unit < count / Pages.GROWTH_PAGES; unit++) {
      sums.update(read(Pages.GROWTH_PAGES * ImageFormat.SUM_BYTES));
    }
    return (int) sums.getValue();
  }

  private byte[] read(int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (image.read(bytes) < 0) {
        throw StorageException.of(Code.CORRUPT, path, "the image is cut short; take another one");
      }
    }
    return bytes.array();
  }
}
