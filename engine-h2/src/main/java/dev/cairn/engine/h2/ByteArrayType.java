package dev.cairn.engine.h2;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Keys and values: a length and that many bytes, in the order of unsigned bytes. Nothing is ever
 * deserialized, whatever a file says.
 */
final class ByteArrayType extends BasicDataType<byte[]> {
  static final ByteArrayType INSTANCE = new ByteArrayType();

  /** Far more than a page has entries; a count beyond it is damage, not a wish for memory. */
  private static final int ENTRIES_MAX = 1 << 16;

  private static final int ARRAY_HEADER_BYTES = 24;

  private ByteArrayType() {}

  @Override
  public int compare(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }

  @Override
  public int getMemory(byte[] bytes) {
    return ARRAY_HEADER_BYTES + bytes.length;
  }

  /** Sampling would take values of megabytes for small ones. */
  @Override
  public boolean isMemoryEstimationAllowed() {
    return false;
  }

  @Override
  public void write(WriteBuffer buffer, byte[] bytes) {
    buffer.putVarInt(bytes.length).put(bytes);
  }

  @Override
  public byte[] read(ByteBuffer buffer) {
    int length = DataUtils.readVarInt(buffer);
    if (length < 0 || length > buffer.remaining()) {
      throw damaged("a key or value of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public byte[][] createStorage(int size) {
    if (size < 0 || size > ENTRIES_MAX) {
      throw damaged("a page of " + size + " entries");
    }
    return new byte[size][];
  }

  private static RuntimeException damaged(String what) {
    return DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "{0}", what);
  }
}
