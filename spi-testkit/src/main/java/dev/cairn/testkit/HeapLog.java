package dev.cairn.testkit;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Batch;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The store file of a heap store: the batches that made it. All numbers are big-endian.
 *
 * <pre>
 * file   = "cairnlog", identity (24 bytes), sum, record*
 * record = head, batch, sum
 * head   = "rec1", u64 sequence, u64 synced, u64 length of the batch, sum
 * </pre>
 *
 * A sum is a CRC32C. The head's starts with the identity, so that no other store's head passes; the
 * batch's starts with the sum of the record before, so that what a lost record left behind is never
 * taken for the next one. {@code synced} is the last sequence that was on stable storage when the
 * record was written: a record that is damaged although a later head says it was synced is damage
 * ({@code corrupt}); any other one is where a power cut came, and the log ends before it.
 */
final class HeapLog {
  static final byte[] MAGIC = "cairnlog".getBytes(StandardCharsets.US_ASCII);
  static final int FORMAT_VERSION = 1;
  static final int HEADER_BYTES = 8 + Identity.SIZE_BYTES + 4;
  static final int RECORD_MAGIC = 0x72656331;
  static final int HEAD_BYTES = 4 + 8 + 8 + 8 + 4;
  static final int SUM_BYTES = 4;

  private final Identity identity;
  private long sequence;
  private long syncedSequence;
  private long endBytes;
  private int lastSum;

  HeapLog(Identity identity) {
    this.identity = identity;
    this.endBytes = HEADER_BYTES;
  }

  /** The end of what a scan found: the next record goes there. None is known to be synced. */
  HeapLog(Identity identity, long sequence, long endBytes, int lastSum) {
    this.identity = identity;
    this.sequence = sequence;
    this.endBytes = endBytes;
    this.lastSum = lastSum;
  }

  Identity identity() {
    return identity;
  }

  long endBytes() {
    return endBytes;
  }

  void writeHeader(WritableByteChannel out) throws IOException {
    CheckedWriter header = new CheckedWriter(out);
    header.bytes(MAGIC).bytes(identity.encode()).sum().flush();
  }

  /** Reads the header of a file; what follows it is not looked at. */
  static Identity readHeader(DiskFile file) {
    Path path = file.path();
    byte[] header = new byte[HEADER_BYTES];
    int count = file.read(0, ByteBuffer.wrap(header));
    CheckedReader in = new CheckedReader(DiskChannel.at(file, 0), count, path);
    if (count < MAGIC.length || !Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
      throw StorageException.of(
          Code.UNSUPPORTED, path, "is not a heap store; open it with the engine that made it");
    }
    Identity identity = Identity.decode(in.bytes(Identity.SIZE_BYTES), FORMAT_VERSION, path);
    if (!in.sumMatches()) {
      throw StorageException.corrupt(path, 0, "the header is damaged");
    }
    return identity;
  }

  /**
   * Writes the next record at the end; it counts only when this returns.
   *
   * @param out where the log ends
   */
  void append(Batch batch, WritableByteChannel out) throws IOException {
    CheckedWriter record = new CheckedWriter(out);
    long lengthBytes = HeapRecords.sizeBytes(batch);
    record.restartSum(identity.encode());
    record.i32(RECORD_MAGIC).i64(sequence + 1).i64(syncedSequence).i64(lengthBytes).sum();
    record.restartSum(chain(lastSum));
    HeapRecords.write(batch, record);
    int sum = record.sumSoFar();
    record.i32(sum).flush();
    lastSum = sum;
    sequence++;
    endBytes += HEAD_BYTES + lengthBytes + SUM_BYTES;
  }

  /** Every record so far is on stable storage. */
  void synced() {
    syncedSequence = sequence;
  }

  static byte[] chain(int sum) {
    return ByteBuffer.allocate(SUM_BYTES).putInt(sum).array();
  }
}
