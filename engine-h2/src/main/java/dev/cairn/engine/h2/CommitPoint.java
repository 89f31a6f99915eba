package dev.cairn.engine.h2;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The two copies of the header, which are written in turn: the newest one that is whole, and whose
 * chunk is whole, is the store. A commit that a power cut tears leaves the copy before it. The one
 * that was last made durable is never written over.
 *
 * @param header the newest good copy
 * @param slot in which of the two blocks it stands, 0 or 1
 */
record CommitPoint(FileHeader header, int slot) {
  private static final int READ_BYTES = 1 << 18;

  /**
   * Finds the good copies, those that may be the store.
   *
   * @param sizeBytes how much of the file counts
   * @return one, or two where the first may turn out to be torn, newest first
   * @throws StorageException {@code corrupt} when there is none; {@code unsupported} when it is not
   *     Cairn's, or a newer one
   */
  static List<CommitPoint> candidates(DiskFile file, long sizeBytes) {
    List<CommitPoint> copies = copies(file, sizeBytes);
    if (copies.isEmpty()) {
      throw StorageException.of(
          Code.CORRUPT, file.path(), "has no header of an H2 file, or damaged ones");
    }
    for (CommitPoint copy : copies) {
      Identity.decode(copy.header.identity(), H2Engine.FORMAT_VERSION, file.path());
    }
    List<CommitPoint> whole = new ArrayList<>(copies);
    whole.removeIf(copy -> !isWhole(copy.header, file, sizeBytes));
    if (whole.isEmpty()) {
      throw StorageException.corrupt(
          file.path(),
          copies.get(0).header.chunkAtBytes(),
          "the newest chunk is damaged or cut short");
    }
    return whole.get(0).header.isRelaxed() ? whole : whole.subList(0, 1);
  }

  private static List<CommitPoint> copies(DiskFile file, long sizeBytes) {
    List<CommitPoint> copies = new ArrayList<>();
    for (int slot = 0; slot < 2; slot++) {
      CommitPoint copy = slot(file, sizeBytes, slot);
      if (copy != null) {
        copies.add(copy);
      }
    }
    copies.sort(Comparator.comparingLong(copy -> -copy.header.version()));
    return copies;
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

  static void write(DiskFile file, FileHeader header, int slot) {
    file.write((long) slot * FileHeader.BLOCK_BYTES, ByteBuffer.wrap(header.encode()));
  }
}
