package dev.cairn.wal;

import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Frames records and chains their CRCs. One thread at a time; of no use after a failure. */
final class RecordWriter {
  private static final int FRAME_BYTES_KEPT = 1 << 20;

  private final PageBuffer pages;
  private final RunningCrc crc = new RunningCrc();
  private ByteBuffer frame = frame(1 << 12);

  /** Goes on at an offset of a file, where the running CRC is known. */
  RecordWriter(DiskFile file, long offset, int crc) {
    pages = new PageBuffer(file, offset);
    this.crc.adopt(crc);
  }

  private static ByteBuffer frame(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The most bytes that a record with so many bytes of data takes. */
  static int frameBytesMax(int dataBytes) {
    return WalFormat.LENGTH_BYTES + RecordHead.BYTES_MAX + dataBytes + Long.BYTES;
  }

  void write(RecordType type, byte[] data) {
    crc.update(data);
    makeRoom(frameBytesMax(data.length));
    frame.position(WalFormat.LENGTH_BYTES);
    RecordHead.write(frame, type.ordinal(), crc.value(), data.length);
    frame.put(data);
    int bodyBytes = frame.position() - WalFormat.LENGTH_BYTES;
    frame.putLong(0, WalFormat.lengthField(bodyBytes));
    int end = frame.position() + WalFormat.padBytes(bodyBytes);
    Arrays.fill(frame.array(), frame.position(), end, (byte) 0);
    // Two writes, as etcd's: the first may be the one that fills the buffer.
    pages.write(frame.array(), 0, WalFormat.LENGTH_BYTES);
    pages.write(frame.array(), WalFormat.LENGTH_BYTES, end - WalFormat.LENGTH_BYTES);
  }

  private void makeRoom(int bytes) {
    if (bytes > frame.capacity() || frame.capacity() > FRAME_BYTES_KEPT) {
      frame = frame(Math.max(bytes, 1 << 12));
    }
    frame.clear();
  }

  void flush() {
    pages.flush();
  }

  int crc() {
    return crc.value();
  }

  /** How far the file is written. */
  long writtenBytes() {
    return pages.writtenBytes();
  }

  /** Behind the last record. */
  long endBytes() {
    return pages.endBytes();
  }
}
