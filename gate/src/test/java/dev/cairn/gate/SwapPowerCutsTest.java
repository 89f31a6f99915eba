package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdContents;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.raft.ApplyOptions;
import dev.cairn.raft.EtcdComponents;
import dev.cairn.raft.Progress;
import dev.cairn.raft.SnapshotApply;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.Snapshotter;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engine;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.ConfState;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Received snapshots are applied, and the power is cut at every operation: the database is wholly
 * the old one, with the image of the snapshot there, or wholly the new one.
 */
class SwapPowerCutsTest {
  private static final Path SNAP = Path.of("/data/member/snap").toAbsolutePath();
  private static final Path DATABASE = SNAP.resolve("db");
  private static final Path LEADER = Path.of("/leader").toAbsolutePath();
  private static final Bucket LATER = Bucket.named("later");
  private static final int SNAPSHOTS = 2;

  private final long seed = TestRun.seed(SwapPowerCutsTest.class);

  static Stream<String> engines() {
    return SimulatedEngines.all().keySet().stream();
  }

  private static StoreConfig config(Engine engine, Disk disk) {
    return MarkedContent.config(engine).withDisk(disk);
  }

  /** A member at content 1; the images of the contents behind it have been received. */
  private static void prepare(SimulatedDisk disk, Function<Disk, Engine> engines) {
    disk.makeDirectories(SNAP);
    disk.makeDirectories(LEADER);
    Engine engine = engines.apply(disk);
    try (Store store = Store.open(DATABASE, config(engine, disk))) {
      MarkedContent.write(store, 1);
    }
    engine.files(DATABASE).stream().filter(each -> !each.equals(DATABASE)).forEach(disk::delete);
    Snapshotter snapshotter = Snapshotter.open(disk, SNAP);
    for (long number = 2; number < 2 + SNAPSHOTS; number++) {
      Path made = LEADER.resolve("db" + number);
      byte[] image = MarkedContent.image(engine, config(engine, disk), made, number);
      MarkedContent.receive(snapshotter, image, number);
    }
  }

  /** Each snapshot is saved, told as a negative, and applied, and then an entry behind it. */
  private static void run(SimulatedDisk disk, Engine engine, Consumer<Long> acknowledge) {
    Snapshotter snapshotter = Snapshotter.open(disk, SNAP);
    try (Store store = Store.open(DATABASE, config(engine, disk))) {
      EtcdComponents components = new EtcdComponents(store.view(EtcdContents::of));
      ApplyOptions options =
          ApplyOptions.defaults()
              .withComponents(components.components())
              .withAwaitPersisted(
                  snapshot -> {
                    snapshotter.save(snapshot);
                    acknowledge.accept(-snapshot.index());
                  })
              .withDisk(disk, head -> Optional.of(engine));
      SnapshotApply apply = new SnapshotApply(store, 1, options);
      Progress progress = new Progress(MarkedContent.index(1), 1, 0, ConfState.of(List.of(1L)));
      for (long number = 2; number < 2 + SNAPSHOTS; number++) {
        RaftSnapshot snapshot = MarkedContent.snapshot(number);
        progress = apply.apply(snapshot, snapshotter.database(snapshot.index()), progress);
        acknowledge.accept(snapshot.index());
        applyEntry(store, snapshot.index() + 1, number);
        acknowledge.accept(snapshot.index() + 1);
      }
    }
  }

  private static void applyEntry(Store store, long index, long term) {
    store.update(
        tx -> {
          tx.createBucket(LATER);
          tx.put(LATER, new byte[] {(byte) index}, new byte[] {1});
          tx.applied(index, term);
        });
  }

  /** What a start does: the database is kept unless the newest snapshot is ahead of it. */
  private static void recover(SimulatedDisk disk, Engine engine) {
    Snapshotter snapshotter = Snapshotter.open(disk, SNAP);
    long wanted = snapshotter.load().map(RaftSnapshot::index).orElse(0L);
    long there;
    try (Store store = Store.open(DATABASE, config(engine, disk))) {
      there = store.applied().index();
    }
    if (there < wanted) {
      engine.files(DATABASE).stream().filter(each -> !each.equals(DATABASE)).forEach(disk::delete);
      Path next = SNAP.resolve("db.new");
      engine.files(next).forEach(disk::delete);
      Path image = snapshotter.database(wanted);
      ByteBuffer bytes = ByteBuffer.allocate((int) disk.sizeBytes(image));
      try (DiskFile file = disk.open(image, Disk.Mode.READ)) {
        file.readFully(0, bytes);
      }
      engine.install(
          Channels.newChannel(new ByteArrayInputStream(bytes.array())), bytes.capacity(), next);
      engine.files(next).stream().filter(each -> !each.equals(next)).forEach(disk::delete);
      disk.rename(next, DATABASE);
      disk.syncDirectory(SNAP);
    }
  }

  private static void check(SimulatedDisk disk, Engine engine, List<Long> acknowledged) {
    long atLeast = acknowledged.stream().mapToLong(Long::longValue).max().orElse(0);
    long known = Snapshotter.open(disk, SNAP).load().map(RaftSnapshot::index).orElse(0L);
    long saved = -acknowledged.stream().mapToLong(Long::longValue).min().orElse(0);
    assertTrue(known >= saved, () -> "the .snap of " + saved + " is lost: " + known);
    recover(disk, engine);
    try (Store store = Store.open(DATABASE, config(engine, disk))) {
      EtcdContents contents = store.view(EtcdContents::of);
      long applied = store.applied().index();
      long number = contents.auth().revision();
      assertTrue(applied >= Math.max(atLeast, known), () -> applied + " of " + atLeast);
      assertEquals(MarkedContent.index(number), applied / 10 * 10);
      assertEquals(number, contents.alarms().active().get(0).memberId());
      assertEquals(number, contents.leases().all().iterator().next().id());
      assertEquals(number + 1, contents.keySpace().currentRevision());
      assertEquals(4, contents.keySpace().entries());
      boolean entry = store.view(view -> view.buckets().contains(LATER));
      assertEquals(applied % 10 == 1, entry, "the entry behind the snapshot");
      for (String name : names(disk)) {
        boolean ours = name.equals("db") || name.endsWith(".snap") || name.endsWith(".snap.db");
        boolean sidecar = engine.files(DATABASE).contains(SNAP.resolve(name));
        assertTrue(ours || sidecar || name.endsWith(".part"), name);
      }
    }
  }

  private static Set<String> names(SimulatedDisk disk) {
    Set<String> names = new TreeSet<>();
    disk.list(SNAP).forEach(each -> names.add(each.getFileName().toString()));
    return names;
  }

  private PowerCuts<Long> cuts(String name) {
    Function<Disk, Engine> engines = SimulatedEngines.all().get(name);
    return PowerCuts.<Long>of(
            "applied snapshots on " + name,
            seed,
            (disk, acknowledge) -> run(disk, engines.apply(disk), acknowledge),
            (disk, acknowledged) -> check(disk, engines.apply(disk), acknowledged))
        .withPreparation(disk -> prepare(disk, engines))
        .withRecovery(disk -> recover(disk, engines.apply(disk)))
        .withStates(TestRun.count(15, 300));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void isCutAtEveryOperation(String name) {
    cuts(name).everyOperation();
  }

  /**
   * Not on mapdb: it syncs the directory again as it opens, so the swap's own sync shows nowhere.
   */
  @ParameterizedTest
  @ValueSource(strings = {"heap", "bbolt"})
  void everySyncMatters(String name) {
    Set<String> sites = cuts(name).everySyncMatters();
    assertTrue(sites.stream().anyMatch(each -> each.startsWith("Replacement.")), sites::toString);
  }
}
