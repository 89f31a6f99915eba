package dev.cairn.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A CRC-32C that can go on from any value. The platform's starts from nothing alone, but four bytes
 * take it to whatever value is wanted, because each step of its register can be undone.
 */
final class RunningCrc {
  private static final int POLYNOMIAL = 0x82F63B78;

  private final CRC32C crc = new CRC32C();
  private final ByteBuffer seed = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** Goes on from a value as if it had been computed here. */
  void adopt(int value) {
    crc.reset();
    if (value != 0) {
      seed.clear().putInt(~undo32Steps(~value)).flip();
      crc.update(seed);
    }
  }

  private static int undo32Steps(int register) {
    int undone = register;
    for (int i = 0; i < Integer.SIZE; i++) {
      undone = undone < 0 ? (undone ^ POLYNOMIAL) << 1 | 1 : undone << 1;
    }
    return undone;
  }

  void update(byte[] data) {
    crc.update(data, 0, data.length);
  }

  int value() {
    return (int) crc.getValue();
  }
}
