package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.zip.CRC32C;

/**
 * A file for old pages that are too many for the heap. It means nothing to the next opener. Used
 * under the lock of its owner, but for {@link #read}.
 */
final class Spill {
  static final long IDENTITY_AT = 0;

  private final Disk disk;
  private final Path path;
  private final Identity identity;
  private final ArrayDeque<Long> freeSlots = new ArrayDeque<>();
  private volatile DiskFile file;
  private long slots;

  Spill(Disk disk, Path path, Identity identity) {
    this.disk = disk;
    this.path = path;
    this.identity = identity;
  }

  static int sum(byte[] page) {
    CRC32C sum = new CRC32C();
    sum.update(page);
    return (int) sum.getValue();
  }

  /** Writes a page to a free place and returns its number. */
  long write(byte[] page) {
    if (file == null) {
      file = disk.open(path, Disk.Mode.CREATE_NEW);
      file.write(IDENTITY_AT, ByteBuffer.wrap(identity.encode()));
    }
    Long free = freeSlots.peek();
    long slot = free == null ? slots : free;
    file.write(offsetBytes(slot), ByteBuffer.wrap(page));
    if (free == null) {
      slots++;
    } else {
      freeSlots.remove();
    }
    return slot;
  }

  byte[] read(long slot, int sum) {
    byte[] page = new byte[Pages.PAGE_BYTES];
    file.readFully(offsetBytes(slot), ByteBuffer.wrap(page));
    if (sum(page) != sum) {
      throw StorageException.corrupt(path, offsetBytes(slot), "a kept page is damaged");
    }
    return page;
  }

  private static long offsetBytes(long slot) {
    return (slot + 1) * Pages.PAGE_BYTES;
  }

  void free(long slot) {
    freeSlots.push(slot);
  }

  /** How many bytes of the disk it takes. */
  long sizeBytes() {
    return slots * Pages.PAGE_BYTES;
  }

  /** Gives the disk back what it took; only when no page in it is wanted any more. */
  void clear() {
    freeSlots.clear();
    slots = 0;
    if (file != null) {
      file.setLength(Pages.PAGE_BYTES);
    }
  }

  void close() {
    if (file != null) {
      file.close();
    }
  }
}
