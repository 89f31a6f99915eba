package dev.cairn.engine.mapdb;

import java.io.File;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;

/**
 * What MapDB writes to: pages that are changed are copies of this volume's own until a commit takes
 * them. Used by one thread at a time.
 */
final class StoreVolume extends Volume implements Pages {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int SHIFT = 12;
  private static final int MASK = PAGE_BYTES - 1;

  private final Pages committed;
  private Map<Long, byte[]> changed = new HashMap<>();
  private long count;
  private long lastNumber = -1;
  private byte[] lastPage;
  private boolean lastIsOurs;

  /**
   * A volume that changes nothing of what is committed.
   *
   * @param committed what stands beneath the changes
   */
  StoreVolume(Pages committed) {
    this.committed = committed;
    this.count = committed.count();
  }

  /** The pages changed since the last {@link #discard()}; not to be changed by the caller. */
  Map<Long, byte[]> changed() {
    return changed;
  }

  /** Forgets the changes: they are committed by now, or never will be. */
  void discard() {
    changed = new HashMap<>();
    count = committed.count();
    lastNumber = -1;
  }

  /** Frees changed pages that are all zeros, which then cost nothing in the journal. */
  void shareZeros() {
    changed.replaceAll((number, page) -> Arrays.equals(page, ZERO) ? ZERO : page);
    lastNumber = -1;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public Path path() {
    return committed.path();
  }

  @Override
  public byte[] read(long number) {
    if (number == lastNumber) {
      return lastPage;
    }
    byte[] page = changed.get(number);
    boolean ours = page != null && page != ZERO;
    if (page == null) {
      if (number < 0 || number >= count) {
        throw corrupt(number, "there is no page " + number);
      }
      page = committed.read(number);
    }
    lastNumber = number;
    lastPage = page;
    lastIsOurs = ours;
    return page;
  }

  private byte[] writable(long number) {
    byte[] page = read(number);
    if (!lastIsOurs) {
      page = page.clone();
      changed.put(number, page);
      lastPage = page;
      lastIsOurs = true;
    }
    return page;
  }

  @Override
  public void ensureAvailable(long offset) {
    long unit = (long) GROWTH_PAGES * PAGE_BYTES;
    long wanted = (offset + unit - 1) / unit * GROWTH_PAGES;
    for (; count < wanted; count++) {
      changed.put(count, ZERO);
    }
  }

  @Override
  public void putLong(long offset, long value) {
    LONG.set(writable(offset >>> SHIFT), (int) offset & MASK, value);
  }

  @Override
  public void putInt(long offset, int value) {
    INT.set(writable(offset >>> SHIFT), (int) offset & MASK, value);
  }

  @Override
  public void putByte(long offset, byte value) {
    writable(offset >>> SHIFT)[(int) offset & MASK] = value;
  }

  @Override
  public void putData(long offset, byte[] src, int srcPos, int srcSize) {
    int done = 0;
    while (done < srcSize) {
      long at = offset + done;
      int part = Math.min(srcSize - done, PAGE_BYTES - ((int) at & MASK));
      if (part == PAGE_BYTES) {
        replace(at >>> SHIFT, Arrays.copyOfRange(src, srcPos + done, srcPos + done + part));
      } else {
        System.arraycopy(src, srcPos + done, writable(at >>> SHIFT), (int) at & MASK, part);
      }
      done += part;
    }
  }

  private void replace(long number, byte[] page) {
    if (number >= count) {
      throw corrupt(number, "there is no page " + number);
    }
    changed.put(number, page);
    if (number == lastNumber) {
      lastNumber = -1;
    }
  }

  @Override
  public void putData(long offset, ByteBuffer buf) {
    byte[] bytes = new byte[buf.remaining()];
    buf.get(bytes);
    putData(offset, bytes, 0, bytes.length);
  }

  @Override
  public long getLong(long offset) {
    return (long) LONG.get(read(offset >>> SHIFT), (int) offset & MASK);
  }

  @Override
  public int getInt(long offset) {
    return (int) INT.get(read(offset >>> SHIFT), (int) offset & MASK);
  }

  @Override
  public byte getByte(long offset) {
    return read(offset >>> SHIFT)[(int) offset & MASK];
  }

  @Override
  public DataInput2 getDataInput(long offset, int size) {
    byte[] bytes = new byte[size];
    getData(offset, bytes, 0, size);
    return new DataInput2.ByteArray(bytes);
  }

  @Override
  public void getData(long offset, byte[] bytes, int bytesPos, int size) {
    int done = 0;
    while (done < size) {
      long at = offset + done;
      int part = Math.min(size - done, PAGE_BYTES - ((int) at & MASK));
      System.arraycopy(read(at >>> SHIFT), (int) at & MASK, bytes, bytesPos + done, part);
      done += part;
    }
  }

  @Override
  public void clear(long startOffset, long endOffset) {
    long at = startOffset;
    while (at < endOffset) {
      int from = (int) at & MASK;
      int part = (int) Math.min(endOffset - at, PAGE_BYTES - from);
      Arrays.fill(writable(at >>> SHIFT), from, from + part, (byte) 0);
      at += part;
    }
  }

  @Override
  public void truncate(long size) {
    throw new UnsupportedOperationException("a store never shrinks");
  }

  @Override
  public long length() {
    return count * PAGE_BYTES;
  }

  /** MapDB's commit: the changes are taken and made durable by whoever called that. */
  @Override
  public void sync() {}

  @Override
  public void close() {}

  @Override
  public int sliceSize() {
    return -1;
  }

  @Override
  public boolean isSliced() {
    return false;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public File getFile() {
    return null;
  }

  @Override
  public boolean getFileLocked() {
    return false;
  }
}
