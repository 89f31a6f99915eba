package dev.cairn.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.ClusterFlags;
import dev.cairn.etcd.EtcdContents;
import dev.cairn.etcd.NewCluster;
import dev.cairn.etcd.proto.RaftRequests.InternalRaftRequest;
import dev.cairn.etcd.proto.RaftRequests.PutRequest;
import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.raft.ApplyOptions;
import dev.cairn.raft.Component;
import dev.cairn.raft.EtcdComponents;
import dev.cairn.raft.MemberConfig;
import dev.cairn.raft.MembershipListener;
import dev.cairn.raft.Progress;
import dev.cairn.raft.RaftMember;
import dev.cairn.raft.SnapshotApply;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engines;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.StoreTx;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A running member is sent a snapshot: received, persisted by raft's thread, applied by the other
 * one. When a part of it cannot be prepared, the next start finishes.
 */
class MemberApplyTest {
  private static final Disk DISK = LocalDisk.INSTANCE;
  private static final NewCluster CLUSTER = NewCluster.of(ClusterFlags.defaults());
  private static final Bucket HOST = Bucket.named("host");
  private static final long OLD = 5;
  private static final long NEW = 20;
  private static final long TERM = 7;
  private static final long HANG_SECONDS = 300;

  @TempDir Path folder;

  private final List<Integer> gauge = new ArrayList<>();
  private final List<String> peers = new ArrayList<>();

  static Stream<String> engines() {
    return Engines.all().stream().map(engine -> engine.info().name());
  }

  private static MemberConfig config(String engine) {
    return MemberConfig.engine(engine).withFirstStart(CLUSTER).withLockWaitMillisMax(0);
  }

  private RaftMember open(String engine) {
    return RaftMember.open(folder.resolve("data"), config(engine));
  }

  private static long term(long index) {
    return index > NEW ? TERM : 1;
  }

  /** A put, as etcd's members agree on it. */
  private static Entry entry(long index) {
    PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFrom(text(index))).build();
    byte[] data = InternalRaftRequest.newBuilder().setPut(put).build().toByteArray();
    return new Entry(EntryType.NORMAL, term(index), index, data);
  }

  private static byte[] text(long index) {
    return ("entry " + index).getBytes(UTF_8);
  }

  private static List<Entry> entries(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(MemberApplyTest::entry).toList();
  }

  private static void put(StoreTx tx, Entry entry) {
    tx.createBucket(HOST);
    tx.put(HOST, text(entry.index()), text(entry.index()));
  }

  /** Persists and applies up to an entry, behind the first one, which adds the member. */
  private static void write(RaftMember member, long to) {
    if (member.appliedIndex() == 0) {
      member.apply(member.recovered().replay(), MemberApplyTest::put);
    }
    List<Entry> entries = entries(member.appliedIndex() + 1, to);
    member.persist(new HardState(term(to), 1, to), entries);
    member.apply(entries, MemberApplyTest::put);
  }

  /** What a leader holds that is ahead; its image is received as its body would be. */
  private RaftSnapshot receive(RaftMember member, String engine) throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    RaftSnapshot made;
    try (RaftMember leader = RaftMember.open(folder.resolve("leader"), config(engine))) {
      write(leader, NEW);
      made = leader.snapshot().orElseThrow();
      try (Snapshot snapshot = leader.store().snapshot().image()) {
        snapshot.writeTo(Channels.newChannel(image));
      }
    }
    byte[] bytes = image.toByteArray();
    member
        .snapshotter()
        .receive(Channels.newChannel(new ByteArrayInputStream(bytes)), bytes.length, NEW);
    return new RaftSnapshot(made.index(), TERM, made.confState(), made.data());
  }

  private SnapshotApply apply(RaftMember member, List<Component> components) {
    return new SnapshotApply(
        member.store(),
        CLUSTER.self().id(),
        ApplyOptions.defaults()
            .withComponents(components)
            .withInProgress(gauge::add)
            .withMembership(new Peers())
            .withAwaitPersisted(snapshot -> member.awaitPersisted(snapshot.index())));
  }

  private final class Peers implements MembershipListener {
    @Override
    public void dropAllPeers() {
      peers.add("none");
    }

    @Override
    public void addPeer(long memberId, List<String> peerUrls) {
      peers.add(Long.toHexString(memberId));
    }
  }

  private static Progress before(RaftMember member) {
    return new Progress(member.appliedIndex(), 1, 0, member.membership().confState());
  }

  private static byte[] read(RaftMember member, long index) {
    return member.store().view(view -> view.get(HOST, text(index)));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void isAppliedWhenRaftsThreadHasPersistedIt(String engine) throws Exception {
    try (RaftMember member = open(engine)) {
      write(member, OLD);
      EtcdComponents components = new EtcdComponents(member.store().view(EtcdContents::of));
      SnapshotApply apply = apply(member, components.components());
      RaftSnapshot snapshot = receive(member, engine);
      ReadView reader = member.store().openView();
      List<Progress> after = new ArrayList<>();
      CompletableFuture<Void> applier =
          CompletableFuture.runAsync(
              () ->
                  member.applySnapshot(
                      snapshot,
                      (each, image) -> after.add(apply.apply(each, image, before(member)))));
      assertNull(read(member, NEW), "it is not persisted yet");
      member.persist(new HardState(TERM, 1, NEW), List.of(), snapshot);
      applier.get(HANG_SECONDS, TimeUnit.SECONDS);
      assertEquals(List.of(new Progress(NEW, TERM, NEW, snapshot.confState())), after);
      assertEquals(NEW, member.appliedIndex());
      assertEquals(NEW, member.store().durableApplied().index());
      assertEquals(NEW, components.current().applied().index());
      assertEquals(CLUSTER.self().id(), member.membership().members().get(0).id());
      assertEquals(List.of(1, 0), gauge);
      assertEquals(List.of("none"), peers);
      assertArrayEquals(text(NEW), read(member, NEW));
      assertNull(reader.get(HOST, text(NEW)), "an open view changed");
      assertArrayEquals(text(OLD), reader.get(HOST, text(OLD)));
      reader.close();
      write(member, NEW + 3);
      assertEquals(NEW + 3, member.snapshot().orElseThrow().index());
    }
    assertFinished(engine, NEW + 3, false);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aPartThatCannotBePreparedHaltsItAndTheNextStartFinishes(String engine) throws Exception {
    StorageException damaged = StorageException.of(Code.CORRUPT, "ours");
    try (RaftMember member = open(engine)) {
      write(member, OLD);
      EtcdComponents components = new EtcdComponents(member.store().view(EtcdContents::of));
      EtcdContents old = components.current();
      List<Component> failing = new ArrayList<>(components.components());
      failing.add(new Failing(damaged));
      SnapshotApply apply = apply(member, failing);
      RaftSnapshot snapshot = receive(member, engine);
      member.persist(new HardState(TERM, 1, NEW), List.of(), snapshot);
      assertRefused(
          () ->
              member.applySnapshot(
                  snapshot, (each, image) -> apply.apply(each, image, before(member))));
      assertSame(old, components.current());
      assertEquals(OLD, member.appliedIndex());
      assertArrayEquals(text(OLD), read(member, OLD));
      assertNull(read(member, NEW));
      assertEquals(List.of(1, 0), gauge);
      assertEquals(List.of(), peers);
      assertRefused(apply::checkRunning);
      assertRefused(() -> member.store().update(tx -> tx.applied(OLD + 1, 1)));
      assertThrows(StorageException.class, member::snapshot);
      member.persist(new HardState(TERM, 1, NEW + 1), entries(NEW + 1, NEW + 1));
      assertThrows(
          StorageException.class,
          () -> member.apply(entries(OLD + 1, OLD + 1), MemberApplyTest::put));
    }
    assertFinished(engine, NEW + 1, true);
  }

  private static void assertRefused(Runnable call) {
    StorageException e = assertThrows(StorageException.class, call::run);
    assertEquals(Code.CORRUPT, e.code());
    assertTrue(e.getMessage().contains("broken: ours"), e.getMessage());
  }

  private record Failing(StorageException why) implements Component {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public Prepared prepare(ReadView view) {
      throw why;
    }
  }

  private void assertFinished(String engine, long last, boolean byTheStart) {
    try (RaftMember member = open(engine)) {
      assertEquals(byTheStart, member.recovered().imageInstalled());
      assertEquals(byTheStart ? NEW : last, member.recovered().snapshot().index());
      member.apply(member.recovered().replay(), MemberApplyTest::put);
      assertEquals(last, member.appliedIndex());
      for (long index = OLD; index <= last; index++) {
        assertArrayEquals(text(index), read(member, index), "entry " + index);
      }
    }
    Path snap = folder.resolve("data/member/snap");
    for (Path each : DISK.list(snap)) {
      String name = each.getFileName().toString();
      assertFalse(
          name.endsWith(".snap.db") || name.contains(".old") || name.contains(".new"), name);
    }
  }
}
