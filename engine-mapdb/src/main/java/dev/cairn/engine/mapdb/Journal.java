package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/**
 * The pages that commits have changed and that the main file does not hold yet. All numbers are
 * big-endian.
 *
 * <pre>
 * file   = header, record*
 * header = "cairnjnl", identity (24 bytes), u64 epoch, sum, zeros to 512 bytes
 * record = head, entry*, page*, zeros to a multiple of 512 bytes
 * head   = "jrn1", u32 entries, u64 sequence, u64 synced, sum of what follows, sum of the head
 * entry  = u64 number of a page, or its complement when the page is all zeros and does not follow
 * </pre>
 *
 * A sum is a CRC32C. A head's starts with the identity and the epoch, so that no record passes
 * which another store, or this one before its last checkpoint, has left behind. The sequence starts
 * at 1 in each epoch. {@code synced} is the last sequence that was on stable storage when the
 * record was written: a record that is damaged although a later head says it was synced is damage
 * ({@code corrupt}); any other one is where a power cut came, and the journal ends before it. A
 * header of nothing but zeros has never been synced, and neither has what follows it.
 */
final class Journal {
  static final byte[] MAGIC = "cairnjnl".getBytes(StandardCharsets.US_ASCII);
  static final long IDENTITY_AT = MAGIC.length;
  static final int SECTOR_BYTES = 512;
  static final int HEADER_SUM_AT = 8 + Identity.SIZE_BYTES + 8;
  static final int RECORD_MAGIC = 0x6a726e31;
  static final int HEAD_BYTES = 4 + 4 + 8 + 8 + 4 + 4;
  private static final int CHUNK_BYTES = 1 << 20;

  private final DiskFile file;
  private final Identity identity;
  private long epoch;
  private long sequence;
  private long synced;
  private long endBytes;

  private Journal(DiskFile file, Identity identity) {
    this.file = file;
    this.identity = identity;
  }

  /** Makes an empty journal, whose name is durable when this returns. */
  static Journal create(Disk disk, Path path, Identity identity) {
    DiskFile file = disk.open(path, Disk.Mode.CREATE_NEW);
    try {
      Journal journal = new Journal(file, identity);
      journal.start();
      disk.syncDirectory(path.toAbsolutePath().getParent());
      return journal;
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  static byte[] seed(Identity identity, long epoch) {
    return ByteBuffer.allocate(Identity.SIZE_BYTES + Long.BYTES)
        .put(identity.encode())
        .putLong(epoch)
        .array();
  }

  static byte[] header(Identity identity, long epoch) {
    ByteBuffer header = ByteBuffer.allocate(SECTOR_BYTES).put(MAGIC).put(seed(identity, epoch));
    CRC32C sum = new CRC32C();
    sum.update(header.array(), 0, HEADER_SUM_AT);
    return header.putInt((int) sum.getValue()).array();
  }

  private void start() {
    epoch = new SecureRandom().nextLong();
    sequence = 0;
    synced = 0;
    endBytes = SECTOR_BYTES;
    file.write(0, ByteBuffer.wrap(header(identity, epoch)));
  }

  /** Forgets every record. They are in the main file, and that was synced. */
  void reset(long lengthBytesMax) {
    start();
    if (file.sizeBytes() > lengthBytesMax) {
      file.setLength(SECTOR_BYTES);
    }
    file.sync();
  }

  long endBytes() {
    return endBytes;
  }

  boolean isEmpty() {
    return sequence == 0;
  }

  /** Writes the next record, which counts only when this returns. */
  void append(long[] numbers, Pages pages) {
    new Record(numbers, pages).write();
    sequence++;
  }

  /** Frees the room that a record took which was not finished. */
  void takeBack() {
    file.setLength(endBytes);
  }

  void sync() {
    file.sync();
    synced = sequence;
  }

  void close() {
    file.close();
  }

  /** One record on its way out. */
  private final class Record {
    private final long[] numbers;
    private final Pages pages;
    private final ByteBuffer chunk;
    private long at = endBytes;

    Record(long[] numbers, Pages pages) {
      this.numbers = numbers;
      this.pages = pages;
      long bytes = HEAD_BYTES + numbers.length * (8L + Pages.PAGE_BYTES) + SECTOR_BYTES;
      chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, bytes));
    }

    void write() {
      putHead();
      for (long number : numbers) {
        room(Long.BYTES).putLong(pages.read(number) == Pages.ZERO ? ~number : number);
      }
      for (long number : numbers) {
        byte[] page = pages.read(number);
        if (page != Pages.ZERO) {
          room(page.length).put(page);
        }
      }
      pad();
      flush();
      endBytes = at;
    }

    private void putHead() {
      chunk.putInt(RECORD_MAGIC).putInt(numbers.length).putLong(sequence + 1).putLong(synced);
      chunk.putInt(bodySum());
      CRC32C sum = new CRC32C();
      sum.update(seed(identity, epoch));
      sum.update(chunk.array(), 0, chunk.position());
      chunk.putInt((int) sum.getValue());
    }

    private int bodySum() {
      CRC32C sum = new CRC32C();
      ByteBuffer entry = ByteBuffer.allocate(Long.BYTES);
      for (long number : numbers) {
        sum.update(
            entry.clear().putLong(pages.read(number) == Pages.ZERO ? ~number : number).flip());
      }
      for (long number : numbers) {
        if (pages.read(number) != Pages.ZERO) {
          sum.update(pages.read(number));
        }
      }
      return (int) sum.getValue();
    }

    private ByteBuffer room(int bytes) {
      if (chunk.remaining() < bytes) {
        flush();
      }
      return chunk;
    }

    private void flush() {
      chunk.flip();
      int count = chunk.remaining();
      if (count > 0) {
        file.write(at, chunk);
      }
      at += count;
      chunk.clear();
    }

    private void pad() {
      int over = (int) ((at + chunk.position()) % SECTOR_BYTES);
      if (over > 0) {
        room(SECTOR_BYTES - over).put(new byte[SECTOR_BYTES - over]);
      }
    }
  }
}
