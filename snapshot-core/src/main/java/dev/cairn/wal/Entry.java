package dev.cairn.wal;

import dev.cairn.etcd.proto.RaftMessages;
import dev.cairn.spi.StorageException;

/**
 * An entry of the log: raftpb.Entry.
 *
 * @param type what its data is
 * @param term of the leader that made it
 * @param index its place in the log, from 1
 * @param data belongs to the entry, not to be changed; empty for a new leader's first entry
 */
public record Entry(EntryType type, long term, long index, byte[] data) {
  /** The most that is encoded besides the data: a tag and a varint for each of four fields. */
  static final int HEAD_BYTES_MAX = 2 + 11 + 11 + 6;

  private static final EntryType[] TYPES = EntryType.values();

  /**
   * Reads the data of a record.
   *
   * @param bytes not changed
   * @return the entry
   * @throws StorageException {@code corrupt}
   */
  public static Entry decode(byte[] bytes) {
    var message = Messages.parse(RaftMessages.Entry.parser(), bytes, "entry");
    Messages.require(message.hasType() && message.hasTerm() && message.hasIndex(), "entry");
    return new Entry(
        TYPES[message.getType().getNumber()],
        message.getTerm(),
        message.getIndex(),
        message.getData().toByteArray());
  }

  /**
   * Makes the data of a record.
   *
   * @return as etcd encodes it
   */
  public byte[] encode() {
    var message =
        RaftMessages.Entry.newBuilder()
            .setType(RaftMessages.EntryType.forNumber(type.ordinal()))
            .setTerm(term)
            .setIndex(index);
    if (data.length > 0) {
      message.setData(Messages.wrap(data));
    }
    return message.build().toByteArray();
  }
}
