package dev.cairn.etcd;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * A key of bucket {@code key}: which change of etcd's key space an entry is.
 *
 * <pre>
 * key = main '_' sub [ 't' ]     main, sub: 8 bytes, big-endian; 't': the change is a deletion
 * </pre>
 *
 * @param main the revision of the store that the change made, from 2 on
 * @param sub its place among the changes of one transaction, from 0 on
 * @param tombstone whether the change is a deletion
 */
public record Revision(long main, long sub, boolean tombstone) implements Comparable<Revision> {
  private static final int SIZE_BYTES = 17;
  private static final int SEPARATOR_OFFSET = 8;
  private static final byte SEPARATOR = '_';
  private static final byte TOMBSTONE = 't';

  /**
   * A change that is no deletion.
   *
   * @param main the revision of the store
   * @param sub its place in the transaction
   * @return the revision
   */
  public static Revision of(long main, long sub) {
    return new Revision(main, sub, false);
  }

  /**
   * Reads a key of bucket {@code key}.
   *
   * @param key 17 or 18 bytes; left as it is
   * @return the revision
   * @throws StorageException {@code corrupt} for any other bytes
   */
  public static Revision decode(ByteBuffer key) {
    int at = key.position();
    int size = key.remaining();
    boolean wellFormed =
        size == SIZE_BYTES || (size == SIZE_BYTES + 1 && key.get(at + SIZE_BYTES) == TOMBSTONE);
    if (!wellFormed || key.get(at + SEPARATOR_OFFSET) != SEPARATOR) {
      throw StorageException.of(
          Code.CORRUPT, "bucket key: 0x" + hex(key) + " is no revision of etcd");
    }
    return new Revision(key.getLong(at), key.getLong(at + SEPARATOR_OFFSET + 1), size > SIZE_BYTES);
  }

  private static String hex(ByteBuffer key) {
    byte[] head = new byte[Math.min(key.remaining(), 2 * SIZE_BYTES)];
    key.duplicate().get(head);
    return HexFormat.of().formatHex(head);
  }

  /**
   * The key of this revision.
   *
   * @return 17 bytes, 18 for a deletion, that the caller owns
   */
  public byte[] encode() {
    ByteBuffer key = ByteBuffer.allocate(tombstone ? SIZE_BYTES + 1 : SIZE_BYTES);
    key.putLong(main).put(SEPARATOR).putLong(sub);
    if (tombstone) {
      key.put(TOMBSTONE);
    }
    return key.array();
  }

  /** In the order of the keys: by main, then by sub. */
  @Override
  public int compareTo(Revision other) {
    int byMain = Long.compareUnsigned(main, other.main);
    return byMain != 0 ? byMain : Long.compareUnsigned(sub, other.sub);
  }
}
