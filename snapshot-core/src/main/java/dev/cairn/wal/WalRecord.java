package dev.cairn.wal;

import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A record of the log, with where it stands. Its data is decoded when it is asked for.
 *
 * @param segment the file it is in
 * @param offsetBytes where its length begins in that file, a multiple of 8
 * @param typeNumber its type as it is encoded
 * @param crc the CRC that it carries
 * @param intact whether that is the CRC of the data; always true unless the reader is told to go on
 * @param data belongs to the record, not to be changed; empty for a CRC record
 */
public record WalRecord(
    Path segment, long offsetBytes, long typeNumber, int crc, boolean intact, byte[] data) {
  /**
   * What it is.
   *
   * @return by its type's number
   */
  public RecordType type() {
    return RecordType.of(typeNumber);
  }

  /**
   * Its data as metadata.
   *
   * @return what a record of type {@link RecordType#METADATA} holds
   * @throws StorageException {@code corrupt}
   */
  public WalMetadata metadata() {
    return decoded(WalMetadata::decode);
  }

  /**
   * Its data as an entry.
   *
   * @return what a record of type {@link RecordType#ENTRY} holds
   * @throws StorageException {@code corrupt}
   */
  public Entry entry() {
    return decoded(Entry::decode);
  }

  /**
   * Its data as a hard state.
   *
   * @return what a record of type {@link RecordType#STATE} holds
   * @throws StorageException {@code corrupt}
   */
  public HardState hardState() {
    return decoded(HardState::decode);
  }

  /**
   * Its data as a note of a snapshot.
   *
   * @return what a record of type {@link RecordType#SNAPSHOT} holds
   * @throws StorageException {@code corrupt}
   */
  public SnapshotNote snapshot() {
    return decoded(SnapshotNote::decode);
  }

  private <T> T decoded(Function<byte[], T> decoder) {
    try {
      return decoder.apply(data);
    } catch (StorageException damaged) {
      throw StorageException.corrupt(segment, offsetBytes, damaged.getMessage());
    }
  }
}
