package dev.cairn.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.EtcdApplied;
import dev.cairn.etcd.EtcdContents;
import dev.cairn.etcd.Lease;
import dev.cairn.etcd.Member;
import dev.cairn.etcd.Revision;
import dev.cairn.etcd.proto.AlarmMember;
import dev.cairn.etcd.proto.AlarmType;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.Snapshotter;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.store.StoreSnapshot;
import dev.cairn.store.StoreTx;
import dev.cairn.wal.ConfState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Contents of etcd's, each with a number that every part of it tells. */
final class MarkedContent {
  private static final Bucket META = Bucket.named("meta");
  private static final Bucket KEY = Bucket.named("key");
  private static final Bucket LEASE = Bucket.named("lease");
  private static final Bucket ALARM = Bucket.named("alarm");
  private static final Bucket AUTH = Bucket.named("auth");
  private static final Bucket MEMBERS = Bucket.named("members");
  private static final Bucket CLUSTER = Bucket.named("cluster");
  private static final long INDEXES = 10;
  private static final int FILLER_BYTES = 300;

  private MarkedContent() {}

  /** The index of the log that a content stands for. */
  static long index(long number) {
    return number * INDEXES;
  }

  /** Raft's part of a snapshot of a content. */
  static RaftSnapshot snapshot(long number) {
    return new RaftSnapshot(index(number), number, ConfState.of(List.of(1L)), new byte[0]);
  }

  static StoreConfig config(Engine engine) {
    return StoreConfig.existing()
        .withEngine(engine)
        .withBackend(BackendConfig.defaults())
        .withAppliedCodec(new EtcdApplied());
  }

  /** Writes a content into an empty store. */
  static void write(Store store, long number) {
    store.update(tx -> write(tx, number));
  }

  private static void write(StoreTx tx, long number) {
    for (Bucket bucket : List.of(META, KEY, LEASE, ALARM, AUTH, MEMBERS, CLUSTER)) {
      tx.createBucket(bucket);
    }
    tx.applied(index(number), number);
    for (int filler = 0; filler < 3; filler++) {
      put(tx, Revision.of(number + 1, filler), "filler" + filler, 0);
    }
    put(tx, Revision.of(number + 1, 3), "mark", number);
    dev.cairn.etcd.proto.Lease lease =
        dev.cairn.etcd.proto.Lease.newBuilder().setID(number).setTTL(number + 100).build();
    tx.put(LEASE, bigEndian(number), lease.toByteArray());
    AlarmMember alarm =
        AlarmMember.newBuilder().setMemberID(number).setAlarm(AlarmType.NOSPACE).build();
    tx.put(ALARM, alarm.toByteArray(), new byte[0]);
    tx.put(AUTH, ascii("authRevision"), bigEndian(number));
    tx.put(
        MEMBERS,
        ascii("1"),
        ascii("{\"id\":1,\"peerURLs\":[\"http://a:1\"],\"name\":\"m%d\"}".formatted(number)));
    tx.put(CLUSTER, ascii("clusterVersion"), ascii("3.4." + number));
  }

  private static void put(StoreTx tx, Revision at, String key, long lease) {
    KeyValue entry =
        KeyValue.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setCreateRevision(at.main())
            .setModRevision(at.main())
            .setVersion(1)
            .setValue(ByteString.copyFrom(new byte[FILLER_BYTES]))
            .setLease(lease)
            .build();
    tx.put(KEY, at.encode(), entry.toByteArray());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  private static byte[] bigEndian(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  /** The number that all parts tell; they must agree. */
  static long numberOf(EtcdContents contents) {
    Set<Long> told = new TreeSet<>();
    told.add(contents.applied().term());
    told.add(contents.applied().index() / INDEXES);
    told.add(contents.keySpace().currentRevision() - 1);
    told.add(contents.alarms().active().get(0).memberId());
    told.add(contents.auth().revision());
    Lease lease = contents.leases().all().iterator().next();
    told.add(lease.id());
    told.add(lease.ttlSeconds() - 100);
    Member member = contents.membership().members().get(0);
    told.add(Long.parseLong(member.name().substring(1)));
    told.add(Long.parseLong(contents.membership().clusterVersion().orElseThrow().substring(4)));
    assertEquals(1, told.size(), () -> "a mix of contents: " + told);
    assertEquals(4, contents.keySpace().liveKeys());
    assertEquals(1, lease.attachedKeys());
    return told.iterator().next();
  }

  /** The number of a view. */
  static long numberOf(ReadView view) {
    return ByteBuffer.wrap(view.get(AUTH, ascii("authRevision"))).getLong();
  }

  /** The number of what an update reads. */
  static long numberOf(StoreTx tx) {
    return ByteBuffer.wrap(tx.get(AUTH, ascii("authRevision"))).getLong();
  }

  /** The native image of a content, made in a store of its own. */
  static byte[] image(Engine engine, Path store, long number) {
    return image(engine, config(engine), store, number);
  }

  static byte[] image(Engine engine, StoreConfig config, Path store, long number) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Store made = Store.open(store, config)) {
      write(made, number);
      try (StoreSnapshot snapshot = made.snapshot();
          Snapshot image = snapshot.image()) {
        image.writeTo(Channels.newChannel(out));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /** Receives an image as a leader sends it. */
  static Path receive(Snapshotter snapshotter, byte[] image, long number) {
    try {
      return snapshotter.receive(
          Channels.newChannel(new ByteArrayInputStream(image)), image.length, index(number));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
