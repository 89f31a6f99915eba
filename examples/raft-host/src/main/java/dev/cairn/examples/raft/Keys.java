package dev.cairn.examples.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cairn.etcd.RaftRequest;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.etcd.proto.RaftRequests.InternalRaftRequest;
import dev.cairn.etcd.proto.RaftRequests.PutRequest;
import dev.cairn.etcd.proto.RaftRequests.RequestHeader;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.store.StoreTx;
import dev.cairn.wal.Entry;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The state machine: etcd's keys, each change of which is a revision. It knows puts alone; an entry
 * that asks for anything else ends the host. One thread.
 */
final class Keys {
  private static final Bucket KEY = Bucket.named("key");

  /** A revision in bucket {@code key}: 8 bytes, a mark, 8 bytes, and one more for a deletion. */
  private static final int REVISION_BYTES = 17;

  /** What does nothing to keys: a leader's first entry, and what the membership follows. */
  private static final Set<String> NO_KEYS =
      Set.of("none", "v2", "cluster_version_set", "cluster_member_attr_set");

  private record Known(long createRevision, long version) {}

  private final Map<ByteString, Known> known = new HashMap<>();
  private long revision = 1;

  private Keys() {}

  /** As of a view, which it reads from one end to the other. */
  static Keys of(ReadView view) {
    Keys keys = new Keys();
    try (Cursor cursor = view.openCursor(KEY)) {
      while (cursor.next()) {
        keys.read(cursor.key(), cursor.value());
      }
    }
    return keys;
  }

  private void read(ByteBuffer at, ByteBuffer value) {
    revision = at.getLong(at.position());
    try {
      KeyValue entry = KeyValue.parseFrom(value);
      if (at.remaining() > REVISION_BYTES) {
        known.remove(entry.getKey());
      } else {
        known.put(entry.getKey(), new Known(entry.getCreateRevision(), entry.getVersion()));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("bucket key holds what is no key", e);
    }
  }

  /** How many there are. */
  int count() {
    return known.size();
  }

  /** What an entry asks for; etcd 3.6 stops at one without a number of its own. */
  static byte[] put(byte[] key, byte[] value) {
    PutRequest put =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFrom(key))
            .setValue(ByteString.copyFrom(value))
            .build();
    long id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    return InternalRaftRequest.newBuilder()
        .setHeader(RequestHeader.newBuilder().setID(id))
        .setPut(put)
        .build()
        .toByteArray();
  }

  void apply(StoreTx tx, Entry entry) {
    String kind = RaftRequest.decode(entry.data()).kind();
    if (NO_KEYS.contains(kind)) {
      return;
    }
    if (!kind.equals("put")) {
      throw new IllegalStateException(
          "entry %d asks for %s; this host knows puts alone".formatted(entry.index(), kind));
    }
    try {
      put(tx, InternalRaftRequest.parseFrom(entry.data()).getPut());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("it was read before", e);
    }
  }

  private void put(StoreTx tx, PutRequest put) {
    if (put.getLease() != 0 || put.getIgnoreValue() || put.getIgnoreLease()) {
      throw new IllegalStateException("a put with a lease, or without a value");
    }
    revision++;
    Known before = known.getOrDefault(put.getKey(), new Known(revision, 0));
    Known now = new Known(before.createRevision(), before.version() + 1);
    known.put(put.getKey(), now);
    KeyValue entry =
        KeyValue.newBuilder()
            .setKey(put.getKey())
            .setCreateRevision(now.createRevision())
            .setModRevision(revision)
            .setVersion(now.version())
            .setValue(put.getValue())
            .build();
    byte[] at =
        ByteBuffer.allocate(REVISION_BYTES).putLong(revision).put((byte) '_').putLong(0).array();
    tx.put(KEY, at, entry.toByteArray());
  }
}
