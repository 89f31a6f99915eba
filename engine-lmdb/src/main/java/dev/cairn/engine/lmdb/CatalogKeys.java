package dev.cairn.engine.lmdb;

import dev.cairn.spi.Bucket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a store lays its buckets out in LMDB's named databases. Their names are C strings, and
 * dropping one would pull it away under older readers; so buckets live in slots.
 *
 * <pre>
 * main tree   "cairn"           the catalog
 *             "s0000" ...       the slots, each the entries of one bucket, or empty and free
 * catalog     00 "identity"     the identity
 *             01 bucket name    u16 slot, big-endian
 * </pre>
 */
final class CatalogKeys {
  static final int SLOTS_MAX = 1024;
  static final byte[] DATABASE = "cairn".getBytes(StandardCharsets.US_ASCII);
  static final byte[] IDENTITY = "\0identity".getBytes(StandardCharsets.US_ASCII);

  private static final byte BUCKET = 1;

  /** No bucket has a key before it. */
  static final byte[] FIRST_BUCKET = {BUCKET};

  private CatalogKeys() {}

  static byte[] slotName(int slot) {
    return "s%04x".formatted(slot).getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] key(Bucket bucket) {
    byte[] name = bucket.name();
    return ByteBuffer.allocate(1 + name.length).put(BUCKET).put(name).array();
  }

  static boolean isBucket(byte[] key) {
    return key.length >= 2 && key.length <= 1 + Bucket.NAME_BYTES_MAX && key[0] == BUCKET;
  }

  static Bucket bucket(byte[] key) {
    return Bucket.of(Arrays.copyOfRange(key, 1, key.length));
  }

  static byte[] slotValue(int slot) {
    return ByteBuffer.allocate(Short.BYTES).putShort((short) slot).array();
  }

  /** The slot, or -1 when the bytes are none. */
  static int slot(byte[] value) {
    boolean good = value.length == Short.BYTES;
    return good ? Short.toUnsignedInt(ByteBuffer.wrap(value).getShort()) : -1;
  }
}
