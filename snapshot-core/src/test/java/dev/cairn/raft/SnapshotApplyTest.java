package dev.cairn.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdApplied;
import dev.cairn.etcd.EtcdContents;
import dev.cairn.etcd.EtcdLoad;
import dev.cairn.etcd.EtcdPuts;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.snap.Snapshotter;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.store.StoreSnapshot;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.StrictEngine;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.RaftFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, what stops a member, and what a snapshot that is applied leaves. */
class SnapshotApplyTest {
  private static final Disk DISK = LocalDisk.INSTANCE;
  private static final ConfState ONE = ConfState.of(List.of(1L));
  private static final Progress BEFORE = new Progress(50, 2, 40, ONE);
  private static final byte[] NO_DOCUMENT = {};

  @TempDir Path folder;

  private final StrictEngine heap = new StrictEngine(new HeapEngine());
  private final List<Integer> gauge = new ArrayList<>();
  private final List<String> peers = new ArrayList<>();
  private Path directory;
  private Snapshotter snapshotter;
  private Store store;
  private EtcdComponents components;
  private String oldHash;

  @BeforeEach
  void openAMember() {
    directory = folder.resolve("snap");
    DISK.createDirectory(directory);
    snapshotter = Snapshotter.open(DISK, directory);
    store = open();
    new EtcdLoad(20, 10, 1).into(store, done -> {});
    components = new EtcdComponents(store.view(EtcdContents::of));
    oldHash = store.hash();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    store.close();
    heap.assertNothingOpen();
  }

  private Store open() {
    return Store.open(directory.resolve("db"), config(heap));
  }

  private static StoreConfig config(Engine engine) {
    return StoreConfig.existing()
        .withEngine(engine)
        .withBackend(BackendConfig.defaults())
        .withAppliedCodec(new EtcdApplied());
  }

  /** The image of a content at index 100, made elsewhere. */
  private byte[] image(Engine engine) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Store made =
        Store.open(folder.resolve("leader-" + engine.info().name()), config(engine))) {
      new EtcdLoad(30, 10, 2).into(made, done -> {});
      new EtcdPuts(made).put(utf8("new"), utf8("value"));
      made.update(tx -> tx.applied(100, 3));
      try (StoreSnapshot snapshot = made.snapshot()) {
        snapshot.image().writeTo(Channels.newChannel(out));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Path receive(byte[] image, long index) {
    try {
      return snapshotter.receive(
          Channels.newChannel(new ByteArrayInputStream(image)), image.length, index);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static RaftSnapshot snapshot(long index, byte[] document) {
    return new RaftSnapshot(index, 3, ONE, document);
  }

  private ApplyOptions options() {
    return ApplyOptions.defaults()
        .withComponents(components.components())
        .withInProgress(gauge::add)
        .withMembership(new Peers())
        .withDisk(DISK, this::engine);
  }

  private Optional<Engine> engine(HeadReader head) {
    return heap.recognizes(head) ? Optional.of(heap) : Engines.recognizing(head);
  }

  private final class Peers implements MembershipListener {
    @Override
    public void dropAllPeers() {
      peers.add("none");
    }

    @Override
    public void addPeer(long memberId, List<String> peerUrls) {
      peers.add(Long.toHexString(memberId) + " " + peerUrls);
    }
  }

  private SnapshotApply applier(Function<ApplyOptions, ApplyOptions> change) {
    return new SnapshotApply(store, 1, change.apply(options()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lmdb"})
  void takesTheDatabasesPlace(String name) {
    Engine engine = name.equals("heap") ? heap : Engines.named(name);
    Path image = receive(image(engine), 100);
    ReadView before = store.openView();
    EtcdContents old = components.current();
    List<RaftSnapshot> awaited = new ArrayList<>();
    RaftSnapshot snapshot = snapshot(100, NO_DOCUMENT);
    List<String> logged;
    Progress after;
    try (Logged log = new Logged()) {
      after = applier(with -> with.withAwaitPersisted(awaited::add)).apply(snapshot, image, BEFORE);
      logged = log.lines;
    }
    assertEquals(new Progress(100, 3, 100, ONE), after);
    assertEquals(List.of(snapshot), awaited);
    assertEquals(List.of(1, 0), gauge);
    assertEquals(100, store.durableApplied().index());
    assertEquals(name, store.engine().info().name());
    assertEquals(store.view(EtcdContents::of), components.current());
    assertEquals(100, components.current().applied().index());
    assertEquals(old, EtcdContents.of(before));
    before.close();
    assertFalse(DISK.exists(image));
    assertEquals(List.of("none", "8e9e05c52164694d [http://localhost:2380]"), peers);
    String figures =
        "current snapshot index 40, current applied index 50,"
            + " incoming snapshot index 100, incoming snapshot term 3";
    assertEquals(
        List.of("applying a snapshot: " + figures, "applied a snapshot: " + figures), logged);
    int buckets = store.view(view -> view.buckets().size());
    assertEquals(10, buckets);
    store.update(tx -> tx.applied(101, 3));
  }

  /** What it says on its logger at INFO. */
  private static final class Logged extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger(SnapshotApply.class.getName());
    private final List<String> lines = new ArrayList<>();

    Logged() {
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord event) {
      lines.add(event.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }

  @Test
  void theV2DocumentTellsTheMembersWhereThereIsOne() {
    byte[] document =
        SnapFile.read(
                DISK,
                RaftFixture.RESTORED_M2.unpack("0000000000000001-0000000000000003.snap", folder))
            .data();
    Path image = receive(image(heap), 100);
    applier(with -> with).apply(snapshot(100, document), image, BEFORE);
    assertEquals(3, components.current().membership().members().size());
    assertEquals("none", peers.get(0));
    assertEquals(4, peers.size());
    assertTrue(
        peers.toString().contains("[http://127.0.0.1:22380, http://127.0.0.1:22381]"),
        peers::toString);
  }

  @Test
  void theMemberItselfIsNoPeer() {
    Path image = receive(image(heap), 100);
    new SnapshotApply(store, 0x8e9e05c52164694dL, options())
        .apply(snapshot(100, NO_DOCUMENT), image, BEFORE);
    assertEquals(List.of("none"), peers);
  }

  @Test
  void ofNothingIsANoOp() {
    assertSame(
        BEFORE, applier(with -> with).apply(RaftSnapshot.NONE, directory.resolve("x"), BEFORE));
    assertEquals(List.of(), gauge);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 49, 50})
  void anOutdatedOneIsRefusedAndHarmsNothing(long index) {
    Path image = receive(image(heap), index);
    SnapshotApply applier = applier(with -> with);
    RaftLogException e =
        assertThrows(
            RaftLogException.class,
            () -> applier.apply(snapshot(index, NO_DOCUMENT), image, BEFORE));
    assertEquals(RaftLogException.Reason.SNAPSHOT_OUT_OF_DATE, e.reason());
    assertTrue(DISK.exists(image));
    assertEquals(List.of(), gauge);
    applier.checkRunning();
    store.update(tx -> tx.applied(51, 2));
  }

  /** Readers go on with the old state; nothing else does; the image stays for the next start. */
  private void assertHalted(SnapshotApply applier, Path image, RaftSnapshot snapshot, Code code) {
    EtcdContents old = components.current();
    StorageException e =
        assertThrows(StorageException.class, () -> applier.apply(snapshot, image, BEFORE));
    assertEquals(code, e.code(), e::getMessage);
    assertFalse(e.getMessage().contains("\n"), e::getMessage);
    assertEquals(List.of(1, 0), gauge);
    assertEquals(oldHash, store.hash());
    assertSame(old, components.current());
    assertEquals(List.of(), peers);
    assertEquals(code, assertThrows(StorageException.class, applier::checkRunning).code());
    assertThrows(StorageException.class, () -> applier.apply(snapshot, image, BEFORE));
    assertEquals(List.of(1, 0), gauge);
    Bucket bucket = Bucket.named("more");
    assertThrows(StorageException.class, () -> store.update(tx -> tx.createBucket(bucket)));
    assertThrows(
        StorageException.class, () -> store.applyAll(List.of(tx -> tx.createBucket(bucket))));
    assertEquals(oldHash, store.hash());
    for (Path each : DISK.list(directory)) {
      String name = each.getFileName().toString();
      assertFalse(name.startsWith("db.new") || name.startsWith("db.old"), name);
    }
  }

  @Test
  void aMissingImage() {
    Path image = directory.resolve("0000000000000064.snap.db");
    assertHalted(applier(with -> with), image, snapshot(100, NO_DOCUMENT), Code.NOT_FOUND);
  }

  @Test
  void aForeignFile() {
    Path image = receive(new byte[4096], 100);
    assertHalted(applier(with -> with), image, snapshot(100, NO_DOCUMENT), Code.CORRUPT);
    assertTrue(DISK.exists(image));
  }

  @Test
  void aDamagedImage() {
    byte[] bytes = image(heap);
    bytes[bytes.length / 2] ^= 0x10;
    Path image = receive(bytes, 100);
    assertHalted(applier(with -> with), image, snapshot(100, NO_DOCUMENT), Code.CORRUPT);
    assertTrue(DISK.exists(image));
  }

  @Test
  void anImageThatIsCutShort() {
    byte[] bytes = image(heap);
    Path image = receive(bytes, 100);
    try (DiskFile file = DISK.open(image, Disk.Mode.READ_WRITE)) {
      file.setLength(bytes.length - 512);
    }
    assertHalted(applier(with -> with), image, snapshot(100, NO_DOCUMENT), Code.CORRUPT);
  }

  @Test
  void anImageThatIsOlderThanItsSnapshot() {
    Path image = receive(image(heap), 101);
    assertHalted(applier(with -> with), image, snapshot(101, NO_DOCUMENT), Code.CORRUPT);
    assertTrue(DISK.exists(image));
  }

  @Test
  void aDocumentWithKeysOfUsers() {
    byte[] document =
        utf8(
            "{\"Root\":{\"Children\":{\"0\":{\"Children\":{}},\"1\":{\"Children\":"
                + "{\"foo\":{\"Value\":\"bar\",\"Children\":null}}}}},\"CurrentIndex\":3}");
    Path image = receive(image(heap), 100);
    SnapshotApply applier = applier(with -> with);
    assertHalted(applier, image, snapshot(100, document), Code.UNSUPPORTED);
    StorageException e = assertThrows(StorageException.class, applier::checkRunning);
    assertTrue(e.getMessage().contains("v2 document: "), e::getMessage);
    assertTrue(e.getMessage().contains("\"/1/foo\""), e::getMessage);
  }

  @Test
  void aDocumentThatIsNone() {
    Path image = receive(image(heap), 100);
    assertHalted(applier(with -> with), image, snapshot(100, utf8("{")), Code.CORRUPT);
  }

  @Test
  void aWaitThatFails() {
    Path image = receive(image(heap), 100);
    SnapshotApply applier =
        applier(
            with ->
                with.withAwaitPersisted(
                    snapshot -> {
                      throw new IllegalStateException("raft's thread has died");
                    }));
    assertHalted(applier, image, snapshot(100, NO_DOCUMENT), Code.IO);
  }

  private static Component failing(String name) {
    return new Component() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Prepared prepare(ReadView view) {
        throw new IllegalStateException("cannot " + name);
      }
    };
  }

  /** Whatever was prepared before is dropped; the next start finishes. */
  @Test
  void aComponentThatFails() {
    byte[] bytes = image(heap);
    Path image = receive(bytes, 100);
    List<Component> all = new ArrayList<>(components.components());
    all.add(failing("quota"));
    SnapshotApply applier = applier(with -> with.withComponents(all));
    assertHalted(applier, image, snapshot(100, NO_DOCUMENT), Code.IO);
    store.close();
    assertTrue(DISK.exists(image));
    DISK.delete(directory.resolve("db"));
    heap.install(
        Channels.newChannel(new ByteArrayInputStream(bytes)),
        bytes.length,
        directory.resolve("db"));
    store = open();
    assertEquals(100, store.applied().index());
    store.update(tx -> tx.applied(101, 3));
  }

  /** Under the swap nothing may fail; if it does, nobody goes on as if it had not. */
  @Test
  void aPublicationThatFails() {
    Path image = receive(image(heap), 100);
    Component broken =
        new Component() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public Prepared prepare(ReadView view) {
            return () -> {
              throw new IllegalStateException("cannot publish");
            };
          }
        };
    SnapshotApply applier = applier(with -> with.withComponents(List.of(broken)));
    assertThrows(
        StorageException.class, () -> applier.apply(snapshot(100, NO_DOCUMENT), image, BEFORE));
    assertEquals(List.of(1, 0), gauge);
    assertThrows(StorageException.class, applier::checkRunning);
    assertThrows(StorageException.class, () -> store.update(tx -> tx.applied(101, 3)));
    assertThrows(StorageException.class, () -> store.openView());
    assertThrows(StorageException.class, store::close);
    assertTrue(DISK.exists(image));
  }

  @Test
  void aGaugeThatFailsHarmsNothing() {
    Path image = receive(image(heap), 100);
    SnapshotApply applier =
        applier(
            with ->
                with.withInProgress(
                    count -> {
                      throw new IllegalStateException("no gauge");
                    }));
    assertEquals(100, applier.apply(snapshot(100, NO_DOCUMENT), image, BEFORE).appliedIndex());
  }

  /** Without them the image would be read as a whole, and its bytes be the same as before. */
  @Test
  void theImageIsNotChangedBeforeItIsApplied() throws IOException {
    byte[] bytes = image(heap);
    Path image = receive(bytes, 100);
    SnapshotApply applier = applier(with -> with.withComponents(List.of(failing("last"))));
    assertHalted(applier, image, snapshot(100, NO_DOCUMENT), Code.IO);
    ByteBuffer read = ByteBuffer.allocate(bytes.length);
    try (DiskFile file = DISK.open(image, Disk.Mode.READ)) {
      file.readFully(0, read);
    }
    assertEquals(ByteBuffer.wrap(bytes), read.flip());
  }
}
