package dev.cairn.bbolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a meta page says of its file. The numbers are unsigned, as in the file.
 *
 * @param pageSizeBytes a power of two from 512 to 65536
 * @param rootPage where the tree of the top-level buckets starts
 * @param sequence the top level's counter; 0 in files that bbolt wrote
 * @param freelistPage where the list of free pages starts, or {@link #NO_FREELIST}
 * @param highWaterPages how many pages were ever allocated: the first id that was not
 * @param txid the transaction that wrote it
 */
public record BoltMeta(
    int pageSizeBytes,
    long rootPage,
    long sequence,
    long freelistPage,
    long highWaterPages,
    long txid) {
  /** The freelist page of a file that stores no freelist: all ones. */
  public static final long NO_FREELIST = Layout.NO_FREELIST;

  /** How long a meta page is up to the end of its checksum; no reader looks at what is behind. */
  public static final int ENCODED_BYTES = MetaPage.SIZE_BYTES;

  /**
   * The start of a meta page that says this, checksum included.
   *
   * @param pageId which of the two pages, 0 or 1
   * @return {@value #ENCODED_BYTES} bytes that the caller owns
   */
  public byte[] encode(long pageId) {
    byte[] page = new byte[ENCODED_BYTES];
    MetaPage.write(ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN), pageId, this);
    return page;
  }
}
