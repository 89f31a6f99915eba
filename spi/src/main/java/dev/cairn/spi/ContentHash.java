package dev.cairn.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Content hash v1: the same content gives the same hash on every engine, whatever the history.
 *
 * <pre>
 * hash   = SHA-256( bucket* )          buckets in unsigned byte order
 * bucket = 0x01 len32(name) name entry*
 * entry  = 0x02 len32(key) key len32(value) value
 * len32  = length in bytes, 4 bytes, big-endian
 * </pre>
 *
 * These rules never change; other rules would have another name.
 */
public final class ContentHash {
  private static final byte BUCKET = 1;
  private static final byte ENTRY = 2;

  private ContentHash() {}

  /**
   * Hashes all that a view sees.
   *
   * @param view read to its end and left open
   * @return {@code v1:} and 64 lower-case hex digits
   * @throws StorageException as the view's calls
   */
  public static String v1(ReadView view) {
    try (BackgroundDigest digest = new BackgroundDigest(sha256())) {
      Framed framed = new Framed(digest);
      for (Bucket bucket : view.buckets()) {
        framed.field(BUCKET, ByteBuffer.wrap(bucket.name()));
        try (Cursor cursor = view.openCursor(bucket)) {
          while (cursor.next()) {
            framed.field(ENTRY, cursor.key()).field(cursor.value());
          }
        }
      }
      return "v1:" + HexFormat.of().formatHex(digest.finish());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java platform has SHA-256", missing);
    }
  }

  /** The framing in front of the digest. */
  private static final class Framed {
    private final BackgroundDigest digest;
    private final ByteBuffer head = ByteBuffer.allocate(5).order(ByteOrder.BIG_ENDIAN);

    Framed(BackgroundDigest digest) {
      this.digest = digest;
    }

    Framed field(byte tag, ByteBuffer bytes) {
      digest.update(head.clear().put(tag).putInt(bytes.remaining()).flip());
      digest.update(bytes);
      return this;
    }

    Framed field(ByteBuffer bytes) {
      digest.update(head.clear().putInt(bytes.remaining()).flip());
      digest.update(bytes);
      return this;
    }
  }
}
