package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A store's main file: the pages of a MapDB store, each with a checksum. All numbers are
 * big-endian.
 *
 * <pre>
 * file   = header, block*
 * header = "cairnmap", identity (24 bytes), sum, zeros to 512 bytes
 * block  = page (4096 bytes), sum
 * </pre>
 *
 * A sum is a CRC32C; a block's starts with the identity and the number of its page, so that no page
 * of another store or another place passes. The header never changes. Blocks are written by
 * checkpoints alone, and only pages that the journal holds.
 */
final class PageFile implements Pages {
  static final byte[] MAGIC = "cairnmap".getBytes(StandardCharsets.US_ASCII);
  static final int FORMAT_VERSION = 1;
  static final int HEADER_BYTES = 512;
  static final int BLOCK_BYTES = PAGE_BYTES + 4;
  private static final int SUM_AT = 8 + Identity.SIZE_BYTES;
  private static final int RUN_PAGES_MAX = 256;

  private final DiskFile file;
  private final Identity identity;
  private final byte[] seed;

  private PageFile(DiskFile file, Identity identity) {
    this.file = file;
    this.identity = identity;
    this.seed = identity.encode();
  }

  /**
   * Reads the header.
   *
   * @param file stays the caller's to close
   */
  static PageFile open(DiskFile file) {
    byte[] header = new byte[HEADER_BYTES];
    int count = file.read(0, ByteBuffer.wrap(header));
    Path path = file.path();
    if (count == 0) {
      throw StorageException.of(Code.CORRUPT, path, "is empty, not a store");
    }
    if (!Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      String what =
          StoreImage.isMapDb(header)
              ? "is a MapDB file, not a Cairn store; open it with its own program"
              : "is not a MapDB store of Cairn; open it with the engine that made it";
      throw StorageException.of(Code.UNSUPPORTED, path, what);
    }
    byte[] id = Arrays.copyOfRange(header, MAGIC.length, SUM_AT);
    Identity identity = Identity.decode(id, FORMAT_VERSION, path);
    if (count < HEADER_BYTES || !Arrays.equals(header, header(identity))) {
      throw StorageException.corrupt(path, 0, "the header is damaged");
    }
    return new PageFile(file, identity);
  }

  private static byte[] header(Identity identity) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).put(identity.encode());
    CRC32C sum = new CRC32C();
    sum.update(header.array(), 0, SUM_AT);
    return header.putInt((int) sum.getValue()).array();
  }

  /** Writes a new store's header, in front of the blocks. */
  static void writeHeader(Identity identity, AtomicFile out) throws java.io.IOException {
    out.write(ByteBuffer.wrap(header(identity)));
  }

  /** Puts a block behind a buffer's position. */
  static void putBlock(byte[] seed, long page, byte[] bytes, ByteBuffer into) {
    into.put(bytes).putInt(sum(seed, page, bytes));
  }

  private static int sum(byte[] seed, long page, byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(seed);
    sum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, page));
    sum.update(bytes);
    return (int) sum.getValue();
  }

  Identity identity() {
    return identity;
  }

  @Override
  public Path path() {
    return file.path();
  }

  /** How many whole blocks the file has. */
  @Override
  public long count() {
    return Math.max(0, file.sizeBytes() - HEADER_BYTES) / BLOCK_BYTES;
  }

  long sizeBytes() {
    return file.sizeBytes();
  }

  @Override
  public byte[] read(long page) {
    byte[] bytes = new byte[PAGE_BYTES];
    byte[] block = new byte[BLOCK_BYTES];
    long at = offsetBytes(page);
    int count = file.read(at, ByteBuffer.wrap(block));
    if (count < BLOCK_BYTES) {
      throw StorageException.corrupt(path(), at + count, "is cut short");
    }
    System.arraycopy(block, 0, bytes, 0, bytes.length);
    if (ByteBuffer.wrap(block).getInt(bytes.length) != sum(seed, page, bytes)) {
      throw StorageException.corrupt(path(), at, "page " + page + " is damaged");
    }
    return bytes;
  }

  private static long offsetBytes(long page) {
    return HEADER_BYTES + page * BLOCK_BYTES;
  }

  /** Makes room for so many pages; what is new is not to be read before it is written. */
  void setCount(long pages) {
    file.setLength(offsetBytes(pages));
  }

  /** Writes pages, neighbours at once. */
  void write(long[] numbers, Pages from) {
    ByteBuffer run = ByteBuffer.allocate(Math.min(RUN_PAGES_MAX, numbers.length) * BLOCK_BYTES);
    for (int i = 0; i < numbers.length; i++) {
      putBlock(seed, numbers[i], from.read(numbers[i]), run);
      boolean ends = i + 1 == numbers.length || numbers[i + 1] != numbers[i] + 1;
      if (ends || !run.hasRemaining()) {
        long first = numbers[i] + 1 - run.position() / BLOCK_BYTES;
        file.write(offsetBytes(first), run.flip());
        run.clear();
      }
    }
  }

  void sync() {
    file.sync();
  }

  void close() {
    file.close();
  }
}
