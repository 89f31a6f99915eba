package dev.cairn.wal;

import dev.cairn.etcd.proto.FileMessages;
import dev.cairn.spi.StorageException;
import java.util.Optional;

/**
 * That a snapshot was written: walpb.Snapshot. The entries up to it are of no use any more.
 *
 * @param index of the last entry that the snapshot holds, 0 at the beginning of a log
 * @param term of that entry
 * @param confState the configuration as of that entry; from 3.5 on there unless the index is 0
 */
public record SnapshotNote(long index, long term, Optional<ConfState> confState) {
  /** The one that every log begins with. */
  public static final SnapshotNote NONE = new SnapshotNote(0, 0, Optional.empty());

  /**
   * Reads the data of a record.
   *
   * @param bytes not changed
   * @return the note
   * @throws StorageException {@code corrupt}
   */
  public static SnapshotNote decode(byte[] bytes) {
    var message = Messages.parse(FileMessages.SnapshotNote.parser(), bytes, "note of a snapshot");
    Messages.require(message.hasIndex() && message.hasTerm(), "note of a snapshot");
    Optional<ConfState> confState =
        message.hasConfState()
            ? Optional.of(ConfState.of(message.getConfState()))
            : Optional.empty();
    return new SnapshotNote(message.getIndex(), message.getTerm(), confState);
  }

  /**
   * Makes the data of a record.
   *
   * @return as etcd encodes it
   */
  public byte[] encode() {
    var message = FileMessages.SnapshotNote.newBuilder().setIndex(index).setTerm(term);
    confState.ifPresent(state -> message.setConfState(state.message()));
    return message.build().toByteArray();
  }
}
