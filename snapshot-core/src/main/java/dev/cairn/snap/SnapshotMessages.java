package dev.cairn.snap;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.cairn.etcd.proto.RaftMessages;
import dev.cairn.etcd.proto.RaftMessages.SnapshotMetadata;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.wal.ConfState;
import java.io.IOException;
import java.util.Optional;

/**
 * raftpb.Snapshot from and to messages. What is read costs no more memory than a few times its
 * bytes: fields that nobody asks for are not kept, and a configuration is not spread out when it is
 * longer than any real one.
 */
final class SnapshotMessages {
  /** A hundred thousand members; etcd advises against more than seven. */
  private static final int CONF_STATE_BYTES_MAX = 1 << 20;

  private SnapshotMessages() {}

  static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  static RaftMessages.Snapshot encode(RaftSnapshot snapshot) {
    return RaftMessages.Snapshot.newBuilder()
        .setData(wrap(snapshot.data()))
        .setMetadata(
            SnapshotMetadata.newBuilder()
                .setConfState(wrap(snapshot.confState().encode()))
                .setIndex(snapshot.index())
                .setTerm(snapshot.term()))
        .build();
  }

  /** Empty where a field is missing that etcd always writes. */
  static Optional<RaftSnapshot> decode(RaftMessages.Snapshot message) {
    SnapshotMetadata metadata = message.getMetadata();
    if (!metadata.hasIndex() || !metadata.hasTerm() || !metadata.hasConfState()) {
      return Optional.empty();
    }
    return Optional.of(
        new RaftSnapshot(
            metadata.getIndex(),
            metadata.getTerm(),
            confState(metadata.getConfState()),
            message.getData().toByteArray()));
  }

  private static ConfState confState(ByteString bytes) {
    if (bytes.size() > CONF_STATE_BYTES_MAX) {
      throw StorageException.of(
          Code.LIMIT,
          "the configuration has %d bytes; at most %d are read"
              .formatted(bytes.size(), CONF_STATE_BYTES_MAX));
    }
    return ConfState.decode(bytes.toByteArray());
  }

  /** Empty for bytes that are no such message. What is read shares the bytes. */
  static <M extends Message> Optional<M> parse(Parser<M> parser, ByteString bytes) {
    try {
      CodedInputStream input = bytes.newCodedInput();
      input.enableAliasing(true);
      M message = DiscardUnknownFieldsParser.wrap(parser).parseFrom(input);
      input.checkLastTagWas(0);
      return Optional.of(message);
    } catch (IOException notThat) {
      return Optional.empty();
    }
  }
}
