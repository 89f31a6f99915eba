package dev.cairn.bbolt;

import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;

/**
 * Reads of one file, in pieces. While the reads go forward through the file without large gaps, as
 * those of a scan do, they are served from a piece that was read at once. One thread at a time.
 */
final class ReadAhead {
  static final int PIECE_BYTES = 128 << 10;

  private final DiskFile file;
  private final long endBytes;
  private ByteBuffer piece = ByteBuffer.allocate(0);
  private long pieceAtBytes;
  private long lastEndBytes;

  /** Reads nothing ahead at or behind an end. */
  ReadAhead(DiskFile file, long endBytes) {
    this.file = file;
    this.endBytes = endBytes;
  }

  /** Fills a buffer from a place that lies before the end. */
  void read(long offsetBytes, ByteBuffer into) {
    int length = into.remaining();
    long gap = offsetBytes - lastEndBytes;
    lastEndBytes = offsetBytes + length;
    boolean forward = gap >= 0 && gap <= PIECE_BYTES && length <= PIECE_BYTES / 2;
    if (!holds(offsetBytes, length) && forward) {
      fill(offsetBytes);
    }
    if (holds(offsetBytes, length)) {
      into.put(piece.slice((int) (offsetBytes - pieceAtBytes), length));
    } else {
      file.readFully(offsetBytes, into);
    }
  }

  private boolean holds(long offsetBytes, int length) {
    return offsetBytes >= pieceAtBytes && offsetBytes + length <= pieceAtBytes + piece.limit();
  }

  private void fill(long offsetBytes) {
    if (piece.capacity() == 0) {
      piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, endBytes));
    }
    piece.clear().limit((int) Math.max(0, Math.min(piece.capacity(), endBytes - offsetBytes)));
    pieceAtBytes = offsetBytes;
    file.read(offsetBytes, piece);
    piece.flip();
  }
}
