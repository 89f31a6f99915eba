package dev.cairn.engine.h2;

import dev.cairn.engine.support.Identity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.h2.mvstore.DataUtils;

/**
 * One copy of MVStore's file header, as a commit point: which chunk is the newest, and the checksum
 * of that chunk. It is a line of text in the first sector of one of the file's first two blocks:
 *
 * <pre>
 * H:2,block:&lt;block&gt;,blockSize:1000,cairn:&lt;identity&gt;,chunk:&lt;id&gt;,clean:1,
 *   crc:&lt;CRC32C of the chunk&gt;,created:&lt;ms&gt;,format:3,len:&lt;blocks of the chunk&gt;,
 *   synced:&lt;version&gt;,version:&lt;version&gt;,fletcher:&lt;Fletcher-32 of the line before it&gt;\n
 * </pre>
 *
 * <p>All numbers are hexadecimal. {@code cairn}, {@code crc}, {@code len} and {@code synced} are
 * ours; MVStore leaves fields alone that it does not know. Source: the writer in H2's {@code
 * RandomAccessStore}.
 *
 * @param identity what the store says of itself, encoded; null in a file that Cairn did not make
 * @param createdMillis when it was made
 * @param chunkId the newest chunk
 * @param block where that chunk begins
 * @param chunkBlocks how long it is
 * @param version the version it holds
 * @param syncedVersion chunks of versions up to this one were durable before the header was written
 * @param crc the CRC32C of the newest chunk
 */
record FileHeader(
    byte[] identity,
    long createdMillis,
    int chunkId,
    long block,
    int chunkBlocks,
    long version,
    long syncedVersion,
    int crc) {
  static final int BLOCK_BYTES = 4096;

  /** Two copies in a block each. */
  static final int BYTES = 2 * BLOCK_BYTES;

  private static final String MAGIC = "H:2,";
  private static final String FLETCHER = ",fletcher:";
  private static final int LINE_BYTES_MAX = 512;

  /** Where the newest chunk begins, in bytes. */
  long chunkAtBytes() {
    return block * BLOCK_BYTES;
  }

  /** How long the newest chunk is, in bytes. */
  long chunkBytes() {
    return (long) chunkBlocks * BLOCK_BYTES;
  }

  /** Whether a power cut may have torn more than the newest chunk. */
  boolean isRelaxed() {
    return syncedVersion < version - 1;
  }

  FileHeader withIdentity(Identity other) {
    return new FileHeader(
        other.encode(), createdMillis, chunkId, block, chunkBlocks, version, syncedVersion, crc);
  }

  /** Whether a block begins as a header does. */
  static boolean hasMagic(byte[] bytes) {
    byte[] magic = MAGIC.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  /** The fields as MVStore keeps them. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("H", "2");
    fields.put("block", Long.toHexString(block));
    fields.put("blockSize", Integer.toHexString(BLOCK_BYTES));
    fields.put("cairn", HexFormat.of().formatHex(identity));
    fields.put("chunk", Integer.toHexString(chunkId));
    fields.put("clean", "1");
    fields.put("crc", Integer.toHexString(crc));
    fields.put("created", Long.toHexString(createdMillis));
    fields.put("format", "3");
    fields.put("len", Integer.toHexString(chunkBlocks));
    fields.put("synced", Long.toHexString(syncedVersion));
    fields.put("version", Long.toHexString(version));
    return fields;
  }

  /** The whole block. */
  byte[] encode() {
    StringBuilder line = new StringBuilder();
    fields().forEach((name, value) -> line.append(',').append(name).append(':').append(value));
    byte[] checked = line.substring(1).getBytes(StandardCharsets.ISO_8859_1);
    int fletcher = DataUtils.getFletcher32(checked, 0, checked.length);
    line.append(FLETCHER).append(Integer.toHexString(fletcher)).append('\n');
    byte[] bytes = line.substring(1).getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length > LINE_BYTES_MAX) {
      throw new IllegalStateException("a header of " + bytes.length + " bytes may be torn");
    }
    return Arrays.copyOf(bytes, BLOCK_BYTES);
  }

  /** Reads a block; null when it is no header, or a damaged one. */
  static FileHeader decode(byte[] block) {
    Map<String, String> fields = hasMagic(block) ? checkedFields(block) : null;
    if (fields == null) {
      return null;
    }
    try {
      String identity = fields.get("cairn");
      return new FileHeader(
          identity == null ? null : HexFormat.of().parseHex(identity),
          number(fields, "created"),
          Math.toIntExact(number(fields, "chunk")),
          number(fields, "block"),
          Math.toIntExact(number(fields, "len")),
          number(fields, "version"),
          number(fields, "synced"),
          (int) number(fields, "crc"));
    } catch (IllegalArgumentException | ArithmeticException damaged) {
      return null;
    }
  }

  private static long number(Map<String, String> fields, String name) {
    return Long.parseUnsignedLong(fields.getOrDefault(name, "0"), 16);
  }

  private static Map<String, String> checkedFields(byte[] block) {
    String text = new String(block, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    int checkedEnd = end < 0 ? -1 : text.lastIndexOf(FLETCHER, end);
    if (checkedEnd < 0) {
      return null;
    }
    String fletcher = text.substring(checkedEnd + FLETCHER.length(), end);
    int expected = DataUtils.getFletcher32(block, 0, checkedEnd);
    return fletcher.equals(Integer.toHexString(expected))
        ? fields(text.substring(0, checkedEnd))
        : null;
  }

  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : line.split(",")) {
      int colon = field.indexOf(':');
      if (colon > 0) {
        fields.put(field.substring(0, colon), field.substring(colon + 1));
      }
    }
    return fields;
  }
}
