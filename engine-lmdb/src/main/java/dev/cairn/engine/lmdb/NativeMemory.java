package dev.cairn.engine.lmdb;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Copies between native memory and arrays, through buffers that are laid over the address space
 * where they are needed: that is faster than native calls for small pieces, and buffers made this
 * way need no JVM flags. Thread-safe; nothing here keeps an address valid.
 */
final class NativeMemory {
  private static final int STEP_BITS = 30;
  private static final int STEP_BYTES = 1 << STEP_BITS;

  /** Windows overlap by half, so that what starts in a window's first half lies within it. */
  static final int LENGTH_BYTES_MAX = STEP_BYTES;

  private record Window(long index, ByteBuffer buffer) {}

  private final ConcurrentHashMap<Long, Window> windows = new ConcurrentHashMap<>();
  private volatile Window last = new Window(-1, null);

  void read(long address, byte[] into, int at, int count) {
    window(address).get(offset(address), into, at, count);
  }

  void write(long address, byte[] from) {
    window(address).put(offset(address), from);
  }

  /** A little-endian buffer that an address lies in the first half of; not to be moved. */
  ByteBuffer window(long address) {
    long index = address >>> STEP_BITS;
    Window window = last;
    if (window.index != index) {
      window = windows.computeIfAbsent(index, NativeMemory::map);
      last = window;
    }
    return window.buffer;
  }

  /** Where in its window an address is. */
  static int offset(long address) {
    return (int) (address & (STEP_BYTES - 1));
  }

  private static Window map(long index) {
    ByteBuffer buffer =
        MemoryIO.getInstance().newDirectByteBuffer(index << STEP_BITS, Integer.MAX_VALUE);
    return new Window(index, buffer.order(ByteOrder.LITTLE_ENDIAN));
  }
}
