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
   * @throws StorageException {@code unsupported} when it is not a Cairn store or a newer one
   */
  public static Identity decode(byte[] bytes, int formatVersionMax, Path store) {
    boolean ours =
        bytes != null
            && bytes.length == SIZE_BYTES
            && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    if (!ours) {
      throw StorageException.of(
          Code.UNSUPPORTED, store, "is not a Cairn store; open it with its own program");
    }
    int version = ByteBuffer.wrap(bytes).getShort(MAGIC.length) & 0xffff;
    if (version < 1 || version > formatVersionMax) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          store,
          "has format version %d, and this build knows 1 to %d; use a newer Cairn"
              .formatted(version, formatVersionMax));
    }
    byte[] id = Arrays.copyOfRange(bytes, MAGIC.length + 2, SIZE_BYTES);
    return new Identity(version, HexFormat.of().formatHex(id));
  }
}
