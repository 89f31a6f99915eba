package dev.cairn.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of a simulated file. A page is never changed once it is made, so that a copy costs an
 * array of references, and that only when one of the two is written to.
 */
final class SimulatedPages {
  static final int PAGE_BYTES = 4096;

  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private byte[][] pages;
  private long lengthBytes;
  private boolean shared;

  SimulatedPages() {
    pages = new byte[0][];
  }

  private SimulatedPages(byte[][] pages, long lengthBytes) {
    this.pages = pages;
    this.lengthBytes = lengthBytes;
    shared = true;
  }

  SimulatedPages copy() {
    shared = true;
    return new SimulatedPages(pages, lengthBytes);
  }

  long lengthBytes() {
    return lengthBytes;
  }

  int read(long offsetBytes, ByteBuffer into) {
    long readable = Math.max(0, Math.min(into.remaining(), lengthBytes - offsetBytes));
    long end = offsetBytes + readable;
    for (long at = offsetBytes; at < end; ) {
      int within = (int) (at % PAGE_BYTES);
      int count = (int) Math.min(PAGE_BYTES - within, end - at);
      into.put(page(at / PAGE_BYTES), within, count);
      at += count;
    }
    return (int) readable;
  }

  /** Writes part of an array; the length grows where the write reaches behind it. */
  void write(long offsetBytes, byte[] bytes, int from, int count) {
    patch(offsetBytes, bytes, from, count);
    lengthBytes = Math.max(lengthBytes, offsetBytes + count);
  }

  /** Writes part of an array and leaves the length as it is. */
  void patch(long offsetBytes, byte[] bytes, int from, int count) {
    for (int done = 0; done < count; ) {
      long at = offsetBytes + done;
      int within = (int) (at % PAGE_BYTES);
      int part = Math.min(PAGE_BYTES - within, count - done);
      byte[] page = page(at / PAGE_BYTES).clone();
      System.arraycopy(bytes, from + done, page, within, part);
      place((int) (at / PAGE_BYTES), page);
      done += part;
    }
  }

  void setLength(long newLengthBytes) {
    cutTo(newLengthBytes);
    lengthBytes = newLengthBytes;
  }

  /** Zeroes everything from there on, so that a later extension shows zeros. */
  private void cutTo(long keptBytes) {
    int whole = (int) Math.min(pages.length, keptBytes / PAGE_BYTES);
    int within = (int) (keptBytes % PAGE_BYTES);
    byte[] edge = whole < pages.length ? pages[whole] : null;
    if (whole < pages.length) {
      pages = Arrays.copyOf(pages, whole);
      shared = false;
    }
    if (edge != null && within > 0) {
      byte[] kept = new byte[PAGE_BYTES];
      System.arraycopy(edge, 0, kept, 0, within);
      place(whole, kept);
    }
  }

  /** How many bytes of the device the pages take. */
  long allocatedBytes() {
    long count = 0;
    for (byte[] page : pages) {
      count += page == null ? 0 : 1;
    }
    return count * PAGE_BYTES;
  }

  /** How many bytes of the device a write would take in addition. */
  long missingBytes(long offsetBytes, int count) {
    long missing = 0;
    long end = offsetBytes + count;
    for (long index = offsetBytes / PAGE_BYTES; index * PAGE_BYTES < end; index++) {
      missing += index < pages.length && pages[(int) index] != null ? 0 : PAGE_BYTES;
    }
    return missing;
  }

  private byte[] page(long index) {
    byte[] page = index < pages.length ? pages[(int) index] : null;
    return page == null ? ZEROS : page;
  }

  private void place(int index, byte[] page) {
    if (index >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(index + 1, pages.length + pages.length / 2));
      shared = false;
    } else if (shared) {
      pages = pages.clone();
      shared = false;
    }
    pages[index] = page;
  }
}
