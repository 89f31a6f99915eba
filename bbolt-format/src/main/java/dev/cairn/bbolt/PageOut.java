package dev.cairn.bbolt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** Gathers what is poured, little-endian, and hands it on in chunks, forward only. */
final class PageOut {
  private final ByteBuffer chunk;
  private final WritableByteChannel channel;
  private final LongConsumer beforeChunk;
  private long handedOnBytes;

  /**
   * Into a channel; what that throws comes out wrapped.
   *
   * @param beforeChunk is told where a chunk will end before it is handed on; may throw
   */
  PageOut(WritableByteChannel channel, int chunkBytes, LongConsumer beforeChunk) {
    this.chunk = ByteBuffer.allocate(chunkBytes).order(ByteOrder.LITTLE_ENDIAN);
    this.channel = channel;
    this.beforeChunk = beforeChunk;
  }

  /** Into a buffer that has room for all of it. */
  PageOut(ByteBuffer whole) {
    this.chunk = whole;
    this.channel = null;
    this.beforeChunk = end -> {};
  }

  void pageHeader(long page, int flags, int count, long overflow) {
    room(Layout.PAGE_HEADER_BYTES);
    chunk.putLong(page).putShort((short) flags).putShort((short) count).putInt((int) overflow);
  }

  void leafElement(int flags, int pos, int keyBytes, int valueBytes) {
    room(Layout.ELEMENT_BYTES);
    chunk.putInt(flags).putInt(pos).putInt(keyBytes).putInt(valueBytes);
  }

  void branchElement(int pos, int keyBytes, long childPage) {
    room(Layout.ELEMENT_BYTES);
    chunk.putInt(pos).putInt(keyBytes).putLong(childPage);
  }

  void meta(long page, BoltMeta meta) {
    room(MetaPage.SIZE_BYTES);
    MetaPage.write(chunk, page, meta);
  }

  void put(ByteBuffer bytes) {
    int from = bytes.position();
    int end = bytes.limit();
    while (from < end) {
      room(1);
      int length = Math.min(end - from, chunk.remaining());
      chunk.put(chunk.position(), bytes, from, length);
      chunk.position(chunk.position() + length);
      from += length;
    }
  }

  /** Zeros up to the start of a page. */
  void zerosUntil(long page) {
    long missing = page * ImageRules.PAGE_SIZE_BYTES - positionBytes();
    while (missing > 0) {
      room(1);
      int length = (int) Math.min(missing, chunk.remaining());
      Arrays.fill(chunk.array(), chunk.position(), chunk.position() + length, (byte) 0);
      chunk.position(chunk.position() + length);
      missing -= length;
    }
  }

  long positionBytes() {
    return handedOnBytes + chunk.position();
  }

  private void room(int bytes) {
    if (chunk.remaining() < bytes) {
      flush();
    }
  }

  void flush() {
    beforeChunk.accept(positionBytes());
    handedOnBytes += chunk.position();
    chunk.flip();
    try {
      while (chunk.hasRemaining()) {
        channel.write(chunk);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    chunk.clear();
  }
}
