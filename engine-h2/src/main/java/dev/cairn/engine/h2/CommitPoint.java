package dev.cairn.engine.h2;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The two copies of the header, which are written in turn: the newest one that is whole, and whose
 * chunk is whole, is the store. A commit that a power cut tears leaves the copy before it.
 *
 * @param header the newest good copy
 * @param slot in which of the two blocks it stands, 0 or 1
 */
record CommitPoint(FileHeader header, int slot) {
  private static final int READ_BYTES = 1 << 18;

  /**
   * Finds the newest good copy.
   *
   * @param sizeBytes how much of the file counts
   * @throws StorageException {@code corrupt} when there is none; {@code unsupported} when it is not
   *     Cairn's, or a newer one
   */
  static CommitPoint read(DiskFile file, long sizeBytes) {
    CommitPoint first = slot(file, sizeBytes, 0);
    CommitPoint second = slot(file, sizeBytes, 1);
    if (first == null && second == null) {
      throw StorageException.of(
          Code.CORRUPT, file.path(), "has no header of an H2 file, or damaged ones");
    }
    boolean secondIsNewer =
        first == null || (second != null && second.header.version() > first.header.version());
    CommitPoint newer = secondIsNewer ? second : first;
    CommitPoint older = secondIsNewer ? first : second;
    // By the copy that is sound itself: whose file it is does not hang on its chunks.
    Identity.decode(newer.header.identity(), H2Engine.FORMAT_VERSION, file.path());
    for (CommitPoint each : new CommitPoint[] {newer, older}) {
      if (each != null && isWhole(each.header, file, sizeBytes)) {
        Identity.decode(each.header.identity(), H2Engine.FORMAT_VERSION, file.path());
        return each;
      }
    }
    throw StorageException.corrupt(
        file.path(), newer.header.chunkAtBytes(), "the newest chunk is damaged or cut short");
  }

  private static CommitPoint slot(DiskFile file, long sizeBytes, int slot) {
    byte[] block = new byte[FileHeader.BLOCK_BYTES];
    long at = (long) slot * FileHeader.BLOCK_BYTES;
    if (sizeBytes < at + block.length) {
      return null;
    }
    file.readFully(at, ByteBuffer.wrap(block));
    FileHeader header = FileHeader.decode(block);
    return header == null ? null : new CommitPoint(header, slot);
  }

  private static boolean isWhole(FileHeader header, DiskFile file, long sizeBytes) {
    long blocks = sizeBytes / FileHeader.BLOCK_BYTES;
    boolean inside =
        header.chunkBlocks() > 0
            && header.block() >= FileHeader.BYTES / FileHeader.BLOCK_BYTES
            && header.block() <= blocks - header.chunkBlocks();
    return inside && crc(header, file) == header.crc();
  }

  private static int crc(FileHeader header, DiskFile file) {
    CRC32C crc = new CRC32C();
    ByteBuffer part = ByteBuffer.allocate((int) Math.min(READ_BYTES, header.chunkBytes()));
    for (long done = 0; done < header.chunkBytes(); done += part.limit()) {
      part.clear().limit((int) Math.min(part.capacity(), header.chunkBytes() - done));
      file.readFully(header.chunkAtBytes() + done, part);
      crc.update(part.flip());
    }
    return (int) crc.getValue();
  }

  /** Writes the next commit point over the older copy; the caller syncs. */
  CommitPoint write(DiskFile file, FileHeader next) {
    CommitPoint written = new CommitPoint(next, 1 - slot);
    write(file, next, written.slot);
    return written;
  }

  static void write(DiskFile file, FileHeader header, int slot) {
    file.write((long) slot * FileHeader.BLOCK_BYTES, ByteBuffer.wrap(header.encode()));
  }
}
