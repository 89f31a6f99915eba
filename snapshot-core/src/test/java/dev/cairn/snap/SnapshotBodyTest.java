package dev.cairn.snap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.io.LocalDisk;
import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.wal.ConfState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotBodyTest {
  private static final SnapshotMessage MESSAGE =
      new SnapshotMessage(
          2, 1, 3, new RaftSnapshot(5, 2, ConfState.of(List.of(1L, 2L)), new byte[] {'{', '}'}));

  /** The same by hand: type, to, from, term, three zeros, the snapshot, two zeros. */
  private static final String SNAPSHOT_HEX = "0a027b7d" + "120c" + "0a06080108022800" + "10051802";

  private static final String MESSAGE_HEX =
      "0807"
          + "1002"
          + "1801"
          + "2003"
          + "2800"
          + "3000"
          + "4000"
          + "4a12"
          + SNAPSHOT_HEX
          + "5000"
          + "5800";
  private static final Bucket BUCKET = Bucket.named("users");

  @TempDir Path directory;
  private Snapshotter snapshotter;

  @BeforeEach
  void open() throws IOException {
    Path snap = Files.createDirectory(directory.resolve("snap"));
    snapshotter = Snapshotter.open(LocalDisk.INSTANCE, snap);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static ReadableByteChannel channel(byte[] bytes) {
    return Channels.newChannel(new ByteArrayInputStream(bytes));
  }

  private static byte[] body(SnapshotMessage message, Snapshot image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotBody.write(message, image, Channels.newChannel(out));
    assertEquals(SnapshotBody.sizeBytes(message, image), out.size());
    return out.toByteArray();
  }

  private void assertNothingLeft() {
    assertEquals(List.of(), LocalDisk.INSTANCE.list(directory.resolve("snap")));
  }

  @Test
  void aBodyIsLaidOutAsEtcdDoes() throws IOException {
    byte[] image = new byte[1024];
    Arrays.fill(image, (byte) 0x77);
    String wanted = "0000000000000026" + MESSAGE_HEX + "77".repeat(1024);
    assertEquals(wanted, HexFormat.of().formatHex(body(MESSAGE, new GivenImage(image, 1024))));
  }

  @Test
  void aBodyIsReadAgain() throws IOException {
    byte[] image = new byte[1536];
    byte[] sent = body(MESSAGE, new GivenImage(image, 1536));
    ReadableByteChannel in = channel(Arrays.copyOf(sent, sent.length + 9));
    SnapshotBody body = SnapshotBody.read(in);
    assertEquals(2, body.message().to());
    assertEquals(1, body.message().from());
    assertEquals(3, body.message().term());
    Snapshots.assertSame(MESSAGE.snapshot(), body.message().snapshot());
    Path file = body.save(snapshotter, sent.length);
    assertEquals("0000000000000005.snap.db", file.getFileName().toString());
    assertArrayEquals(image, Files.readAllBytes(file));
    assertEquals(9, Channels.newInputStream(in).readAllBytes().length, "what follows is left");
    assertThrows(IllegalStateException.class, () -> body.save(snapshotter, sent.length));
    assertThrows(IllegalStateException.class, () -> body.saveToEnd(snapshotter));
  }

  @Test
  void aBodyOfUnknownLengthIsReadToItsEnd() throws IOException {
    byte[] image = new byte[1536];
    SnapshotBody body = SnapshotBody.read(channel(body(MESSAGE, new GivenImage(image, 1536))));
    assertArrayEquals(image, Files.readAllBytes(body.saveToEnd(snapshotter)));
  }

  /** Fields that etcd's raft has besides, or may have one day, are passed over. */
  @ParameterizedTest
  @ValueSource(strings = {"", "6201ff", "3a06080010011802", "68f8ffffffffffffffff01", "7200"})
  void otherFieldsDoNotMatter(String more) {
    SnapshotMessage message = SnapshotMessage.decode(hex(MESSAGE_HEX + more));
    Snapshots.assertSame(MESSAGE.snapshot(), message.snapshot());
  }

  @ParameterizedTest
  @CsvSource({
    "'', wrong raft message type",
    "0803100218012003, wrong raft message type", // another type
    "100218012003, wrong raft message type",
    "080718012003, from whom",
    "0807100218012003, of which entry",
    "08071002180120034a00, of which entry",
    "08071002180120034a0612040a001005, of which entry", // without a term
    "08071002180120034a0812060a0010001802, of which entry", // of index 0
    "08071002180120034a0a12080a020aff10051802, configuration", // a list cut short
    "0807100218012003ff, no message",
    "0a, no message"
  })
  void whatIsNoMessageIsNamed(String hex, String wanted) {
    StorageException refused =
        assertThrows(StorageException.class, () -> SnapshotMessage.decode(hex(hex)));
    assertEquals(Code.CORRUPT, refused.code());
    assertTrue(refused.getMessage().contains(wanted), refused.getMessage());
  }

  @Test
  void aSnapshotOfNothingIsNotSent() {
    assertThrows(
        IllegalArgumentException.class, () -> new SnapshotMessage(1, 2, 3, RaftSnapshot.NONE));
  }

  @ParameterizedTest
  @CsvSource({
    "'', UNAVAILABLE",
    "00000000000000, UNAVAILABLE",
    "0000000000000026, UNAVAILABLE",
    "00000000000000260807, UNAVAILABLE",
    "0000000000000000, CORRUPT",
    "00000000000000040807100218, CORRUPT",
    "0000000004000001, LIMIT", // a byte over 64 MiB
    "0000000004000000, UNAVAILABLE",
    "7fffffffffffffff, LIMIT",
    "ffffffffffffffff, LIMIT",
    "8000000000000000, LIMIT",
    "2600000000000000, LIMIT" // little-endian
  })
  void aHeadThatIsNoneIsTyped(String hex, Code wanted) {
    StorageException refused =
        assertThrows(StorageException.class, () -> SnapshotBody.read(channel(hex(hex))));
    assertEquals(wanted, refused.code());
    assertEquals(1, refused.getMessage().lines().count());
  }

  @Test
  void aPromisedLengthCostsNoMemory() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] sent = Arrays.copyOf(hex("0000000004000000"), 100_000);
    assertThrows(StorageException.class, () -> SnapshotBody.read(channel(sent)));
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThrows(StorageException.class, () -> SnapshotBody.read(channel(sent)));
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 1 << 20, bytes + " bytes");
  }

  /** A message that is all ids, or all numbers that nobody knows, would be spread out in memory. */
  @ParameterizedTest
  @ValueSource(strings = {"0801", "7801", "780178ffffffff0f"})
  void aMessageOfMillionsOfNumbersCostsLittleMore(String unit) {
    byte[] numbers = hex(unit.repeat(2_000_000));
    byte[] message = unit.startsWith("08") ? withConfState(numbers) : withFields(numbers);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    if (unit.startsWith("08")) {
      StorageException refused =
          assertThrows(StorageException.class, () -> SnapshotMessage.decode(message));
      assertEquals(Code.LIMIT, refused.code());
    } else {
      assertEquals(5, SnapshotMessage.decode(message).snapshot().index());
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 2L * message.length, bytes + " bytes");
  }

  private static byte[] withConfState(byte[] confState) {
    byte[] metadata = field("0a", confState, "10051802");
    return field("08071002180120034a", field("12", metadata, ""), "");
  }

  private static byte[] withFields(byte[] fields) {
    byte[] known = hex(MESSAGE_HEX);
    return ByteBuffer.allocate(known.length + fields.length).put(fields).put(known).array();
  }

  private static byte[] field(String before, byte[] content, String after) {
    ByteBuffer all = ByteBuffer.allocate(content.length + before.length() + after.length() + 9);
    all.put(hex(before));
    int left = content.length;
    for (; left >= 0x80; left >>>= 7) {
      all.put((byte) (left | 0x80));
    }
    all.put((byte) left).put(content).put(hex(after));
    return Arrays.copyOf(all.array(), all.position());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 46, 47, 558})
  void aBodyLengthThatDoesNotFitIsRefused(int bodyBytes) throws IOException {
    byte[] sent = body(MESSAGE, new GivenImage(new byte[512], 512));
    assertEquals(558, sent.length);
    SnapshotBody body = SnapshotBody.read(channel(sent));
    if (bodyBytes == sent.length) {
      body.save(snapshotter, bodyBytes);
    } else {
      StorageException refused =
          assertThrows(StorageException.class, () -> body.save(snapshotter, bodyBytes));
      assertEquals(Code.CORRUPT, refused.code());
      assertNothingLeft();
    }
  }

  @Test
  void everyShorterBodyIsTypedAndLeavesNothing() throws IOException {
    byte[] sent = body(MESSAGE, new GivenImage(new byte[512], 512));
    for (int bytes = 0; bytes < sent.length; bytes++) {
      ReadableByteChannel in = channel(Arrays.copyOf(sent, bytes));
      StorageException refused =
          assertThrows(
              StorageException.class, () -> SnapshotBody.read(in).save(snapshotter, sent.length));
      assertEquals(Code.UNAVAILABLE, refused.code());
      assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {512, 1536})
  void anImageThatIsNotAsLongAsItAnnouncedIsNoShortSuccess(long announcedBytes) {
    Snapshot lying = new GivenImage(new byte[1024], announcedBytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StorageException refused =
        assertThrows(
            StorageException.class,
            () -> SnapshotBody.write(MESSAGE, lying, Channels.newChannel(out)));
    assertEquals(Code.CORRUPT, refused.code());
    assertTrue(out.size() <= 46 + announcedBytes, "never more than announced");
  }

  /** Whatever made it, the image arrives as it was, and holds what the store held. */
  @Test
  void imagesOfEveryKindArrive() throws IOException {
    long index = 100;
    for (Engine engine : List.of(new HeapEngine(), new LmdbEngine())) {
      Path store = directory.resolve(engine.info().name());
      try (Backend backend = engine.open(store, BackendConfig.defaults())) {
        backend.commit(content());
        String hash = hash(backend);
        passOn(++index, backend, Backend::snapshot, hash);
        passOn(++index, backend, each -> EtcdImages.of(each.openView()), hash);
      }
    }
  }

  private void passOn(
      long index, Backend backend, Function<Backend, Snapshot> taken, String contentHash)
      throws IOException {
    byte[] sent;
    try (Snapshot image = taken.apply(backend)) {
      sent = body(new SnapshotMessage(2, 1, 3, Snapshots.of(index, 2)), image);
    }
    Path file = SnapshotBody.read(channel(sent)).save(snapshotter, sent.length);
    long imageBytes = Files.size(file);
    assertArrayEquals(
        Arrays.copyOfRange(sent, (int) (sent.length - imageBytes), sent.length),
        Files.readAllBytes(file));
    try (ReadView view = SnapshotFile.inspect(file).openView()) {
      assertEquals(contentHash, ContentHash.v1(view));
    }
  }

  private static Batch content() {
    Batch.Builder batch = Batch.builder().createBucket(BUCKET);
    for (int i = 0; i < 3_000; i++) {
      batch.put(BUCKET, new byte[] {(byte) (i >> 8), (byte) i}, new byte[i % 700]);
    }
    return batch.build();
  }

  private static String hash(Backend backend) {
    try (ReadView view = backend.openView()) {
      assertFalse(view.buckets().isEmpty());
      return ContentHash.v1(view);
    }
  }
}
