package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** Reads a {@link Journal}; it changes nothing in the file. */
final class JournalScan {
  private static final int CHUNK_BYTES = 1 << 20;

  private final DiskFile file;
  private final long sizeBytes;
  private final Identity identity;
  private final Map<Long, byte[]> pages = new HashMap<>();
  private long epoch;
  private long sequence;
  private long endBytes = Journal.SECTOR_BYTES;

  private JournalScan(DiskFile file, Identity identity) {
    this.file = file;
    this.sizeBytes = file.sizeBytes();
    this.identity = identity;
  }

  /**
   * Reads to the last whole record.
   *
   * @param identity the main file's
   * @throws StorageException {@code corrupt} for damage that no power cut explains, {@code
   *     unsupported} for a newer format
   */
  static JournalScan of(DiskFile file, Identity identity) {
    JournalScan scan = new JournalScan(file, identity);
    if (scan.readHeader()) {
      while (scan.takeRecord()) {
        // Each call took one record.
      }
      scan.checkTail();
    }
    return scan;
  }

  /** The newest content of each page in it; nothing when it is not of this main file. */
  Map<Long, byte[]> pages() {
    return pages;
  }

  private boolean readHeader() {
    byte[] header = new byte[Journal.SECTOR_BYTES];
    int count = file.read(0, ByteBuffer.wrap(header));
    if (count < header.length || Arrays.equals(header, new byte[header.length])) {
      return false;
    }
    int identityAt = Journal.MAGIC.length;
    byte[] id = Arrays.copyOfRange(header, identityAt, identityAt + Identity.SIZE_BYTES);
    long itsEpoch = ByteBuffer.wrap(header).getLong(identityAt + Identity.SIZE_BYTES);
    if (!Arrays.equals(header, 0, identityAt, Journal.MAGIC, 0, identityAt)) {
      throw StorageException.corrupt(file.path(), 0, "is not a journal; restore a snapshot");
    }
    Identity its = Identity.decode(id, PageFile.FORMAT_VERSION, file.path());
    if (!Arrays.equals(header, Journal.header(its, itsEpoch))) {
      throw StorageException.corrupt(file.path(), 0, "the journal's header is damaged");
    }
    epoch = itsEpoch;
    return its.equals(identity);
  }

  private boolean takeRecord() {
    Head head = headAt(endBytes);
    if (head == null || head.sequence != sequence + 1) {
      return false;
    }
    long at = endBytes + Journal.HEAD_BYTES;
    if (head.entries < 0 || head.entries * (long) Long.BYTES > sizeBytes - at) {
      return false;
    }
    ByteBuffer entries = ByteBuffer.allocate(head.entries * Long.BYTES);
    file.readFully(at, entries);
    at += entries.capacity();
    int stored = 0;
    for (int i = 0; i < head.entries; i++) {
      stored += entries.getLong(i * Long.BYTES) >= 0 ? 1 : 0;
    }
    if (stored * (long) Pages.PAGE_BYTES > sizeBytes - at) {
      return false;
    }
    return takeBody(head, entries, at);
  }

  private boolean takeBody(Head head, ByteBuffer entries, long bodyAt) {
    CRC32C sum = new CRC32C();
    sum.update(entries.flip());
    Map<Long, byte[]> read = new HashMap<>();
    long at = bodyAt;
    for (int i = 0; i < head.entries; i++) {
      long number = entries.getLong(i * Long.BYTES);
      if (number < 0) {
        read.put(~number, Pages.ZERO);
        continue;
      }
      byte[] page = new byte[Pages.PAGE_BYTES];
      file.readFully(at, ByteBuffer.wrap(page));
      sum.update(page);
      read.put(number, page);
      at += page.length;
    }
    if ((int) sum.getValue() != head.bodySum) {
      return false;
    }
    pages.putAll(read);
    sequence++;
    endBytes = (at + Journal.SECTOR_BYTES - 1) / Journal.SECTOR_BYTES * Journal.SECTOR_BYTES;
    return true;
  }

  /** Looks behind the end for a head that says that the record missing here was synced. */
  private void checkTail() {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (long at = endBytes; at < sizeBytes; at += chunk.capacity()) {
      int count = file.read(at, chunk.clear());
      for (int i = 0; i + Journal.HEAD_BYTES <= count; i += Journal.SECTOR_BYTES) {
        Head later = chunk.getInt(i) == Journal.RECORD_MAGIC ? headAt(at + i) : null;
        if (later != null && later.synced > sequence) {
          throw StorageException.corrupt(
              file.path(),
              endBytes,
              "record " + (sequence + 1) + " is damaged; restore a snapshot");
        }
      }
    }
  }

  /** The head at a place, or null when none is there that is whole. */
  private Head headAt(long at) {
    ByteBuffer bytes = ByteBuffer.allocate(Journal.HEAD_BYTES);
    if (file.read(at, bytes) < Journal.HEAD_BYTES) {
      return null;
    }
    bytes.flip();
    int magic = bytes.getInt();
    Head head = new Head(bytes.getInt(), bytes.getLong(), bytes.getLong(), bytes.getInt());
    CRC32C sum = new CRC32C();
    sum.update(Journal.seed(identity, epoch));
    sum.update(bytes.array(), 0, bytes.position());
    return magic == Journal.RECORD_MAGIC && bytes.getInt() == (int) sum.getValue() ? head : null;
  }

  private record Head(int entries, long sequence, long synced, int bodySum) {}
}
