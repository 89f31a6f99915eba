package dev.cairn.engine.lmdb;

import dev.cairn.spi.HeadReader;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * What one of the two meta pages says. A commit writes page {@code txnId & 1}, so the newest two
 * versions stand side by side.
 *
 * <pre>
 * 0 u64 page number   8 u16 pad   10 u16 page flags   12 u32 unused
 * 16 u32 magic   20 u32 version   24 u64 fixed address   32 u64 map size
 * 40 free tree (its pad is the page size, its flags the environment's)   88 main tree
 * 136 u64 last page   144 u64 transaction
 * </pre>
 */
record Meta(
    int pageSizeBytes, long mapSizeBytes, TreeHead free, TreeHead main, long lastPage, long txnId) {
  static final int MAGIC = 0xBEEFC0DE;
  static final int VERSION = 1;
  static final int SIZE_BYTES = 152;
  static final int COUNT = 2;

  /** The flag of the free tree: its keys are whole numbers. */
  static final int INTEGER_KEY = 0x08;

  /** How the file was opened when it was made; kept beside the free tree's own flag. */
  private static final int NO_SUBDIRECTORY = 0x4000;

  private static final int PAGE_SIZE_MIN = 512;
  private static final int PAGE_SIZE_MAX = 0x8000;
  private static final int MAGIC_AT = 16;
  private static final int VERSION_AT = 20;
  private static final int MAP_SIZE_AT = 32;
  private static final int FREE_AT = 40;
  private static final int MAIN_AT = 88;
  private static final int LAST_PAGE_AT = 136;
  private static final int TXN_AT = 144;

  /** Whether the first meta page carries LMDB's magic; never throws on junk. */
  static boolean recognizes(HeadReader head) {
    ByteBuffer start = buffer(SIZE_BYTES);
    return head.read(0, start) == SIZE_BYTES
        && start.getInt(MAGIC_AT) == MAGIC
        && (start.getShort(Page.FLAGS_AT) & Page.META) != 0;
  }

  /**
   * The newest version of a file.
   *
   * @throws StorageException {@code corrupt}, or {@code unsupported} for another LMDB format
   */
  static Meta newest(PageSource source) {
    Meta first = read(source, 0, 0);
    Meta second = read(source, 1, first.pageSizeBytes);
    if (second.pageSizeBytes != first.pageSizeBytes) {
      long at = first.pageSizeBytes + FREE_AT;
      throw StorageException.corrupt(source.path(), at, "has two page sizes");
    }
    return second.txnId > first.txnId ? second : first;
  }

  /** What the meta page says that a transaction wrote or a later one over it. */
  static Meta inSlotOf(long txnId, PageSource source, int pageSizeBytes) {
    int slot = (int) (txnId & 1);
    return read(source, slot, (long) slot * pageSizeBytes);
  }

  private static Meta read(PageSource source, int slot, long at) {
    Path path = source.path();
    ByteBuffer page = buffer(SIZE_BYTES);
    source.read(at, page);
    boolean isMeta =
        page.getInt(MAGIC_AT) == MAGIC && (page.getShort(Page.FLAGS_AT) & Page.META) != 0;
    if (!isMeta) {
      throw StorageException.corrupt(path, at, "has no LMDB meta page " + slot);
    }
    if (page.getInt(VERSION_AT) != VERSION) {
      String what = "has LMDB data version %d; this build reads version %d";
      throw StorageException.of(
          Code.UNSUPPORTED, path, what.formatted(page.getInt(VERSION_AT), VERSION));
    }
    return decode(page).checked(path, at);
  }

  private static Meta decode(ByteBuffer page) {
    TreeHead free = TreeHead.read(page, FREE_AT);
    return new Meta(
        free.pad(),
        page.getLong(MAP_SIZE_AT),
        free,
        TreeHead.read(page, MAIN_AT),
        page.getLong(LAST_PAGE_AT),
        page.getLong(TXN_AT));
  }

  private Meta checked(Path path, long at) {
    boolean sizeGood =
        pageSizeBytes >= PAGE_SIZE_MIN
            && pageSizeBytes <= PAGE_SIZE_MAX
            && Integer.bitCount(pageSizeBytes) == 1;
    if (!sizeGood) {
      throw StorageException.corrupt(path, at + FREE_AT, "has a page size of " + pageSizeBytes);
    }
    if (lastPage < COUNT - 1 || lastPage > Long.MAX_VALUE / pageSizeBytes - 1) {
      throw StorageException.corrupt(path, at + LAST_PAGE_AT, "has last page " + lastPage);
    }
    if (txnId < 0) {
      throw StorageException.corrupt(path, at + TXN_AT, "has transaction " + txnId);
    }
    // With others, such as duplicates for a key, LMDB ends the process when it first writes.
    if ((free.flags() & ~NO_SUBDIRECTORY) != INTEGER_KEY) {
      throw StorageException.corrupt(path, at + FREE_AT, "has flags 0x%x".formatted(free.flags()));
    }
    return this;
  }

  /** The length of a file or image that holds every page of this version. */
  long sizeBytes() {
    return (lastPage + 1) * pageSizeBytes;
  }

  Meta withTxn(long newTxnId) {
    return new Meta(pageSizeBytes, mapSizeBytes, free, main, lastPage, newTxnId);
  }

  /** A whole meta page: the other bytes are zero. */
  byte[] encode(int slot) {
    ByteBuffer page = buffer(pageSizeBytes);
    page.putLong(0, slot)
        .putShort(Page.FLAGS_AT, (short) Page.META)
        .putInt(MAGIC_AT, MAGIC)
        .putInt(VERSION_AT, VERSION)
        .putLong(MAP_SIZE_AT, mapSizeBytes);
    free.write(page, FREE_AT);
    main.write(page, MAIN_AT);
    page.putLong(LAST_PAGE_AT, lastPage).putLong(TXN_AT, txnId);
    return page.array();
  }

  private static ByteBuffer buffer(int sizeBytes) {
    return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
