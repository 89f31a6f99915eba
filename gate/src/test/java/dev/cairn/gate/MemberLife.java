package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.ClusterFlags;
import dev.cairn.etcd.NewCluster;
import dev.cairn.etcd.proto.RaftRequests.InternalRaftRequest;
import dev.cairn.etcd.proto.RaftRequests.PutRequest;
import dev.cairn.io.Disk;
import dev.cairn.raft.ApplyOptions;
import dev.cairn.raft.MemberConfig;
import dev.cairn.raft.Progress;
import dev.cairn.raft.RaftMember;
import dev.cairn.raft.Recovered;
import dev.cairn.raft.SnapshotApply;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import dev.cairn.store.StoreTx;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.WalOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A life of a raft member, drawn from a seed: its first start, entries that are kept and applied,
 * tails that a new leader overwrites, snapshots, cuts of the log, starts anew, and two snapshots
 * with their images from a leader: one that the next start applies, and one under way. It tells
 * before each step what may be in the log from then on, and behind it what must be.
 */
final class MemberLife {
  static final Path DATA = Path.of("/data");
  private static final Path LEADER = Path.of("/leader");
  private static final Bucket KEY = Bucket.named("key");
  private static final NewCluster CLUSTER = NewCluster.of(ClusterFlags.defaults());

  /** Not of entries: the first one adds the member. */
  private static final int FIRST = 2;

  /** An entry; its data follow from both. */
  record Step(long index, long term) {}

  /**
   * What is promised.
   *
   * @param log the entries from 2 on that must be in the log
   * @param next those that may have come behind, or from the index of the first of them on
   * @param snapshotIndex of a snapshot that must be there, or a newer one
   * @param leaderIndex of a snapshot that a leader sent and that may be there; 0 without
   */
  record Promise(List<Step> log, List<Step> next, long snapshotIndex, long leaderIndex) {}

  private final Function<Disk, Engine> engines;
  private final SplittableRandom random;
  private final SimulatedDisk disk;
  private final Consumer<Promise> promises;
  private final MemberConfig config;
  private List<Step> log = new ArrayList<>();
  private long commit;
  private long term = 1;
  private long snapshotIndex;
  private RaftMember member;

  MemberLife(
      Function<Disk, Engine> engines, long seed, SimulatedDisk disk, Consumer<Promise> promises) {
    this.engines = engines;
    this.random = new SplittableRandom(seed);
    this.disk = disk;
    this.promises = promises;
    this.config = config(engines, disk, seed);
  }

  static void prepare(SimulatedDisk disk) {
    disk.makeDirectories(LEADER);
  }

  /** Both durabilities, by the seed. */
  static MemberConfig config(Function<Disk, Engine> engines, SimulatedDisk disk, long seed) {
    Durability durability = (seed & 1) == 0 ? Durability.RELAXED : Durability.SYNC;
    return MemberConfig.engine(engines.apply(disk))
        .withDisk(disk)
        .withBackend(BackendConfig.defaults().withDurability(durability))
        .withFirstStart(CLUSTER)
        .withWal(WalOptions.defaults().withSegmentBytes(2_000))
        .withSnapshotCount(4)
        .withCatchUpEntries(3)
        .withFilesKept(1)
        .withLockWaitMillisMax(0);
  }

  void run(int steps) throws IOException {
    try {
      start();
      for (int i = 1; i <= steps; i++) {
        switch (i % 9) {
          case 4 -> reopen();
          case 7 -> overwrite();
          default -> write(1 + random.nextInt(3));
        }
      }
      receive(this::reopen);
      write(2);
      receive(this::swap);
      write(2);
    } finally {
      if (member != null) {
        member.close();
      }
    }
  }

  private void promise(List<Step> next, long leaderIndex) {
    promises.accept(new Promise(List.copyOf(log), List.copyOf(next), snapshotIndex, leaderIndex));
  }

  private void start() {
    member = RaftMember.open(DATA, config);
    commit = Math.max(commit, member.recovered().commit());
    snapshotIndex = Math.max(snapshotIndex, member.recovered().snapshot().index());
    promise(List.of(), 0);
    apply(member.recovered().replay());
  }

  private void reopen() {
    member.close();
    start();
  }

  private long last() {
    return FIRST - 1 + log.size();
  }

  private List<Step> next(int count, long from) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(new Step(from + i, term));
    }
    return steps;
  }

  private static List<Entry> entries(List<Step> steps) {
    return steps.stream()
        .map(each -> new Entry(EntryType.NORMAL, each.term(), each.index(), data(each)))
        .toList();
  }

  /** A put, as etcd's members agree on it. */
  private static byte[] data(Step step) {
    byte[] value = new byte[20 + (int) (step.index() * 131 % 300)];
    new SplittableRandom(step.index() * 1_000 + step.term()).nextBytes(value);
    PutRequest put =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFrom(key(step.index())))
            .setValue(ByteString.copyFrom(value))
            .build();
    return InternalRaftRequest.newBuilder().setPut(put).build().toByteArray();
  }

  /** Kept, agreed on, applied; the member makes a snapshot when it thinks that it is time. */
  private void write(int count) {
    List<Step> steps = next(count, last() + 1);
    promise(steps, 0);
    member.persist(new HardState(term, 1, last() + count), entries(steps));
    log.addAll(steps);
    commit = last();
    promise(List.of(), 0);
    applyCommitted();
  }

  /** Two entries are kept without being agreed on; a new leader puts others in their place. */
  private void overwrite() {
    List<Step> lost = next(2, last() + 1);
    promise(lost, 0);
    member.persist(HardState.EMPTY, entries(lost));
    log.addAll(lost);
    term++;
    List<Step> steps = next(1 + random.nextInt(2), lost.get(random.nextInt(2)).index());
    promise(steps, 0);
    long end = steps.get(steps.size() - 1).index();
    member.persist(new HardState(term, 2, end), entries(steps));
    log = replaced(log, steps, steps.size());
    commit = end;
    promise(List.of(), 0);
    applyCommitted();
  }

  private static List<Step> replaced(List<Step> log, List<Step> next, int count) {
    if (count == 0) {
      return log;
    }
    List<Step> replaced = new ArrayList<>(log);
    replaced.removeIf(each -> each.index() >= next.get(0).index());
    replaced.addAll(next.subList(0, count));
    return replaced;
  }

  private void applyCommitted() {
    apply(member.log().entries(member.appliedIndex() + 1, commit + 1, Long.MAX_VALUE));
  }

  private void apply(List<Entry> entries) {
    member
        .apply(entries, MemberLife::apply)
        .ifPresent(
            made -> {
              snapshotIndex = made.index();
              promise(List.of(), 0);
            });
  }

  private static void apply(StoreTx tx, Entry entry) {
    tx.put(KEY, key(entry.index()), entry.data().clone());
  }

  private static byte[] key(long index) {
    return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
  }

  /** A leader is three entries ahead and sends what it holds, as raft has compacted its log. */
  private void receive(Consumer<RaftSnapshot> applying) throws IOException {
    term++;
    List<Step> ahead = new ArrayList<>(log);
    ahead.addAll(next(3, last() + 1));
    long index = FIRST - 1 + ahead.size();
    byte[] image = leaderImage(ahead, index);
    promise(List.of(), index);
    member.snapshotter().receive(channel(image), image.length, index);
    RaftSnapshot snapshot =
        new RaftSnapshot(
            index,
            term,
            ConfState.of(List.of(CLUSTER.self().id())),
            member.membership().document());
    member.persist(new HardState(term, 1, index), List.of(), snapshot);
    log = ahead;
    commit = index;
    snapshotIndex = index;
    promise(List.of(), 0);
    applying.accept(snapshot);
    assertEquals(index, member.appliedIndex());
  }

  /** The member dies before it applies the snapshot: its next start does. */
  private void reopen(RaftSnapshot snapshot) {
    reopen();
  }

  /** The image takes the database's place while the member runs. */
  private void swap(RaftSnapshot snapshot) {
    Engine engine = engines.apply(disk);
    ApplyOptions options =
        ApplyOptions.defaults()
            .withAwaitPersisted(each -> member.awaitPersisted(each.index()))
            .withDisk(disk, head -> Optional.of(engine));
    SnapshotApply apply = new SnapshotApply(member.store(), CLUSTER.self().id(), options);
    Progress before =
        new Progress(member.appliedIndex(), term - 1, 0, member.membership().confState());
    member.applySnapshot(snapshot, (each, image) -> apply.apply(each, image, before));
  }

  private static ReadableByteChannel channel(byte[] bytes) {
    return Channels.newChannel(new ByteArrayInputStream(bytes));
  }

  /** Of the engine's own format, made elsewhere. */
  private byte[] leaderImage(List<Step> ahead, long index) throws IOException {
    SimulatedDisk elsewhere = new SimulatedDisk(1);
    elsewhere.makeDirectories(LEADER);
    MemberConfig leading =
        MemberConfig.engine(engines.apply(elsewhere)).withDisk(elsewhere).withFirstStart(CLUSTER);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RaftMember leader = RaftMember.open(LEADER, leading)) {
      leader.persist(new HardState(term, 1, index), entries(ahead));
      leader.apply(entries(ahead), MemberLife::apply);
      leader.store().sync();
      try (Snapshot image = leader.store().snapshot().image()) {
        image.writeTo(Channels.newChannel(bytes));
      }
    }
    return bytes.toByteArray();
  }

  /** Whatever a cut leaves can be opened, and closed again. */
  static void recover(Function<Disk, Engine> engines, SimulatedDisk disk, long seed) {
    RaftMember.open(DATA, config(engines, disk, seed)).close();
  }

  static void check(
      Function<Disk, Engine> engines, SimulatedDisk disk, long seed, List<Promise> promises) {
    MemberConfig config = config(engines, disk, seed);
    Promise promise =
        promises.isEmpty()
            ? new Promise(List.of(), List.of(), 0, 0)
            : promises.get(promises.size() - 1);
    List<Step> log;
    long goesOn;
    try (RaftMember member = RaftMember.open(DATA, config)) {
      log = checkLog(member, promise);
      checkInvariant(member, promise);
      checkDatabase(member, log, member.appliedIndex());
      member.apply(member.recovered().replay(), MemberLife::apply);
      checkDatabase(member, log, member.recovered().commit());
      goesOn = goOn(member);
    }
    assertEquals(List.of(), disk.openFiles());
    try (RaftMember member = RaftMember.open(DATA, config)) {
      assertEquals(goesOn, member.recovered().snapshot().index());
      assertEquals(goesOn, member.appliedIndex());
      assertEquals(List.of(), member.recovered().replay());
    }
  }

  /** The snapshot's entries are in the database, or were before it took the image's place. */
  private static void checkInvariant(RaftMember member, Promise promise) {
    Recovered found = member.recovered();
    long snapshot = found.snapshot().index();
    assertTrue(snapshot >= promise.snapshotIndex(), () -> "only snapshot " + snapshot);
    assertTrue(member.store().durableApplied().index() >= snapshot, "an old database");
    assertTrue(member.log().firstIndex() <= member.appliedIndex() + 1, "a gap before the log");
    assertTrue(found.commit() >= member.appliedIndex());
    boolean leaders = snapshot == promise.leaderIndex() || snapshot == promise.snapshotIndex();
    assertFalse(found.imageInstalled() && !leaders, "an image that nobody needs");
  }

  /** All that was promised, and at most what was begun. */
  private static List<Step> checkLog(RaftMember member, Promise promise) {
    long first = member.log().firstIndex();
    long last = member.log().lastIndex();
    List<Step> found = new ArrayList<>();
    if (last >= first) {
      for (Entry entry : member.log().entries(first, last + 1, Long.MAX_VALUE)) {
        if (entry.index() >= FIRST) {
          Step step = new Step(entry.index(), entry.term());
          assertArrayEquals(data(step), entry.data());
          found.add(step);
        }
      }
    }
    if (promise.leaderIndex() > 0 && last == promise.leaderIndex() && found.isEmpty()) {
      return leaderLog(member, promise);
    }
    for (int count = 0; count <= promise.next().size(); count++) {
      List<Step> log = replaced(promise.log(), promise.next(), count);
      List<Step> kept = log.stream().filter(each -> each.index() >= first).toList();
      if (kept.equals(found) && FIRST - 1 + log.size() == last) {
        return log;
      }
    }
    throw new AssertionError(
        "the log has %d to %d, %s; promised is %s".formatted(first, last, found, promise));
  }

  private static List<Step> leaderLog(RaftMember member, Promise promise) {
    List<Step> log = new ArrayList<>(promise.log());
    for (long index = FIRST + promise.log().size(); index <= promise.leaderIndex(); index++) {
      log.add(new Step(index, member.recovered().snapshot().term()));
    }
    return log;
  }

  /** Exactly the entries up to one, each with its own data. */
  private static void checkDatabase(RaftMember member, List<Step> log, long applied) {
    Store store = member.store();
    assertEquals(applied, store.applied().index());
    long index = FIRST - 1;
    try (ReadView view = store.openView();
        Cursor cursor = view.openCursor(KEY)) {
      while (cursor.next()) {
        index++;
        assertEquals(index, cursor.key().getLong(0));
        byte[] data = data(log.get((int) (index - FIRST)));
        assertEquals(ByteBuffer.wrap(data), cursor.value());
      }
    }
    assertEquals(Math.max(FIRST - 1, applied), index);
  }

  /** What comes after a cut is kept, and the next snapshot of it as well. */
  private static long goOn(RaftMember member) {
    long index = member.recovered().commit() + 1;
    long term = member.recovered().hardState().term() + 1;
    List<Entry> entries = entries(List.of(new Step(index, term)));
    member.persist(new HardState(term, 1, index), entries);
    member.apply(entries, MemberLife::apply);
    member.snapshot();
    return index;
  }
}
