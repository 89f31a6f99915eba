package dev.cairn.engine.support;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a store says of itself in its reserved place: {@code "cairn" 0x00, u16 format version, 16
 * bytes store id}, big-endian, 24 bytes. Never visible as a bucket and never part of a content
 * hash.
 *
 * @param formatVersion Cairn's version of the engine's file, from 1
 * @param storeId 32 lower-case hex digits
 */
public record Identity(int formatVersion, String storeId) {
  /** How long the encoded form is. */
  public static final int SIZE_BYTES = 24;

  private static final byte[] MAGIC = "cairn\0".getBytes(StandardCharsets.US_ASCII);
  private static final int ID_BYTES = 16;
  private static final int VERSION_MIN = 1;
  private static final int VERSION_MAX = 0xffff;

  /**
   * An identity.
   *
   * @param formatVersion 1 to 65535
   * @param storeId 32 lower-case hex digits
   * @throws IllegalArgumentException when a part is not of its shape
   */
  public Identity {
    if (formatVersion < VERSION_MIN || formatVersion > VERSION_MAX) {
      throw new IllegalArgumentException("format version " + formatVersion);
    }
    if (!storeId.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("store id " + storeId);
    }
  }

  /**
   * A new store's.
   *
   * @param formatVersion from 1
   * @return with a random id
   */
  public static Identity fresh(int formatVersion) {
    byte[] id = new byte[ID_BYTES];
    new SecureRandom().nextBytes(id);
    return new Identity(formatVersion, HexFormat.of().formatHex(id));
  }

  /**
   * The encoded form.
   *
   * @return {@value #SIZE_BYTES} bytes that the caller owns
   */
  public byte[] encode() {
    return ByteBuffer.allocate(SIZE_BYTES)
        .put(MAGIC)
        .putShort((short) formatVersion)
        .put(HexFormat.of().parseHex(storeId))
        .array();
  }

  /**
   * Reads the encoded form.
   *
   * @param bytes what stands in the reserved place, or null when nothing does
   * @param formatVersionMax the newest version that this build knows
   * @param store for messages
   * @return the identity
   * @throws StorageException {@code unsupported} when it is not a Cairn store or a newer one,
   *     {@code corrupt} when its length is wrong
   */
  public static Identity decode(byte[] bytes, int formatVersionMax, Path store) {
    if (!isOurs(bytes)) {
      throw StorageException.of(
          Code.UNSUPPORTED, store, "is not a Cairn store; open it with its own program");
    }
    // The version first: a newer one may be of another length.
    int version = ByteBuffer.wrap(bytes).getShort(MAGIC.length) & 0xffff;
    if (version < VERSION_MIN || version > formatVersionMax) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          store,
          "has format version %d, and this build knows 1 to %d; use a newer Cairn"
              .formatted(version, formatVersionMax));
    }
    if (bytes.length != SIZE_BYTES) {
      throw StorageException.of(
          Code.CORRUPT, store, "its identity has " + bytes.length + " bytes, not " + SIZE_BYTES);
    }
    byte[] id = Arrays.copyOfRange(bytes, MAGIC.length + 2, SIZE_BYTES);
    return new Identity(version, HexFormat.of().formatHex(id));
  }

  private static boolean isOurs(byte[] bytes) {
    return bytes != null
        && bytes.length >= MAGIC.length + Short.BYTES
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }
}
