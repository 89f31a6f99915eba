package dev.cairn.bbolt;

import dev.cairn.spi.HeadReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One of the two metas as it was read: its content, or why it does not count. */
final class MetaPage {
  static final int MAGIC = 0xED0CDAED;
  static final int VERSION = 2;

  /** The page header, the fields and the checksum. */
  static final int SIZE_BYTES = 80;

  private static final int CHECKED_AT = 16;
  private static final int CHECKSUM_AT = 72;
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final BoltMeta meta;
  private final String problem;
  private final boolean sealed;

  private MetaPage(BoltMeta meta, String problem, boolean sealed) {
    this.meta = meta;
    this.problem = problem;
    this.sealed = sealed;
  }

  /** Reads the page that starts at an offset; the file may be anything. */
  static MetaPage read(HeadReader file, long offsetBytes, long sizeBytes) {
    ByteBuffer page = ByteBuffer.allocate(SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (offsetBytes > sizeBytes - SIZE_BYTES || file.read(offsetBytes, page) < SIZE_BYTES) {
      return bad("the file ends before its end");
    }
    if (page.getInt(16) != MAGIC) {
      return bad("invalid magic number");
    }
    if (page.getInt(20) != VERSION) {
      return bad("version " + Integer.toUnsignedString(page.getInt(20)) + " is not " + VERSION);
    }
    if (page.getLong(CHECKSUM_AT) != checksum(page)) {
      return bad("checksum error");
    }
    return checked(page);
  }

  private static MetaPage checked(ByteBuffer page) {
    int pageSizeBytes = page.getInt(24);
    boolean fits =
        pageSizeBytes >= Layout.PAGE_SIZE_MIN
            && pageSizeBytes <= Layout.PAGE_SIZE_MAX
            && Integer.bitCount(pageSizeBytes) == 1;
    if (!fits) {
      return new MetaPage(null, "page size " + Integer.toUnsignedString(pageSizeBytes), true);
    }
    return new MetaPage(
        new BoltMeta(
            pageSizeBytes,
            page.getLong(32),
            page.getLong(40),
            page.getLong(48),
            page.getLong(56),
            page.getLong(64)),
        null,
        true);
  }

  private static MetaPage bad(String problem) {
    return new MetaPage(null, problem, false);
  }

  /** FNV-1a over the fields from the magic to the txid. */
  static long checksum(ByteBuffer page) {
    long hash = FNV_BASIS;
    for (int at = CHECKED_AT; at < CHECKSUM_AT; at++) {
      hash = (hash ^ (page.get(at) & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /** Writes a whole meta page's start, header and checksum included. */
  static void write(ByteBuffer into, long pageId, BoltMeta meta) {
    into.putLong(pageId).putShort((short) Layout.FLAG_META).putShort((short) 0).putInt(0);
    into.putInt(MAGIC).putInt(VERSION).putInt(meta.pageSizeBytes()).putInt(0);
    into.putLong(meta.rootPage()).putLong(meta.sequence()).putLong(meta.freelistPage());
    into.putLong(meta.highWaterPages()).putLong(meta.txid());
    into.putLong(checksum(into.duplicate().position(into.position() - CHECKSUM_AT).slice()));
  }

  boolean valid() {
    return meta != null;
  }

  /** Whether bbolt takes it for a meta, whatever page size it names: its checksum is right. */
  boolean sealed() {
    return sealed;
  }

  boolean hasPageSize(int pageSizeBytes) {
    return valid() && meta.pageSizeBytes() == pageSizeBytes;
  }

  BoltMeta meta() {
    return meta;
  }

  /** Why it does not count, or null. */
  String problem() {
    return problem;
  }
}
