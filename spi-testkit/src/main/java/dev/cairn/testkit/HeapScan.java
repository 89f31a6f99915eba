package dev.cairn.testkit;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;

/** Replays a {@link HeapLog}; it changes nothing in the file. */
final class HeapScan {
  private final DiskFile file;
  private final long sizeBytes;
  private final Identity identity;
  private HeapVersion version = HeapVersion.EMPTY;
  private long endBytes = HeapLog.HEADER_BYTES;
  private int lastSum;

  private HeapScan(DiskFile file) {
    this.file = file;
    this.sizeBytes = file.sizeBytes();
    this.identity = HeapLog.readHeader(file);
  }

  /**
   * Replays to the last whole record.
   *
   * @throws StorageException {@code corrupt} for damage that no power cut explains, {@code
   *     unsupported} for a file of another kind
   */
  static HeapScan of(DiskFile file) {
    HeapScan scan = new HeapScan(file);
    while (scan.takeRecord()) {
      // Each call took one record.
    }
    scan.checkTail();
    return scan;
  }

  HeapVersion version() {
    return version;
  }

  HeapLog log() {
    return new HeapLog(identity, version.sequence(), endBytes, lastSum);
  }

  private boolean takeRecord() {
    Head head = headAt(endBytes);
    if (head == null
        || head.sequence != version.sequence() + 1
        || head.lengthBytes < 0
        || head.lengthBytes > sizeBytes - endBytes - HeapLog.HEAD_BYTES - HeapLog.SUM_BYTES) {
      return false;
    }
    long batchAt = endBytes + HeapLog.HEAD_BYTES;
    CheckedReader summed = readerAt(batchAt, head.lengthBytes + HeapLog.SUM_BYTES);
    summed.restartSum(HeapLog.chain(lastSum));
    summed.skip(head.lengthBytes);
    int sum = summed.sumSoFar();
    if (summed.i32() != sum) {
      return false;
    }
    version = version.with(HeapRecords.read(readerAt(batchAt, head.lengthBytes)));
    lastSum = sum;
    endBytes = batchAt + head.lengthBytes + HeapLog.SUM_BYTES;
    return true;
  }

  /** Looks behind the end for a head that says that the record missing here was synced. */
  private void checkTail() {
    long missing = version.sequence() + 1;
    ByteBuffer chunk = ByteBuffer.allocate(CheckedWriter.CHUNK_BYTES);
    for (long at = endBytes; at < sizeBytes; at += chunk.capacity() - HeapLog.HEAD_BYTES) {
      file.read(at, chunk.clear());
      for (int i = 0; i <= chunk.position() - HeapLog.HEAD_BYTES; i++) {
        if (chunk.getInt(i) == HeapLog.RECORD_MAGIC) {
          Head later = headAt(at + i);
          if (later != null && later.synced >= missing) {
            throw StorageException.corrupt(
                file.path(), endBytes, "batch " + missing + " is damaged; restore a snapshot");
          }
        }
      }
    }
  }

  /** The head at a place, or null when none is there that is whole. */
  private Head headAt(long offsetBytes) {
    if (sizeBytes - offsetBytes < HeapLog.HEAD_BYTES) {
      return null;
    }
    CheckedReader in = readerAt(offsetBytes, HeapLog.HEAD_BYTES);
    in.restartSum(identity.encode());
    boolean magic = in.i32() == HeapLog.RECORD_MAGIC;
    Head head = new Head(in.i64(), in.i64(), in.i64());
    return magic && in.sumMatches() ? head : null;
  }

  private CheckedReader readerAt(long offsetBytes, long lengthBytes) {
    return new CheckedReader(DiskChannel.at(file, offsetBytes), lengthBytes, file.path());
  }

  private record Head(long sequence, long synced, long lengthBytes) {}
}
