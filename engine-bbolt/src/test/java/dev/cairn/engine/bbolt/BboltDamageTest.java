package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.ENGINE;
import static dev.cairn.engine.bbolt.Stores.READ_ONLY;
import static dev.cairn.engine.bbolt.Stores.READ_WRITE;
import static dev.cairn.engine.bbolt.Stores.USERS;
import static dev.cairn.engine.bbolt.Stores.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.bbolt.BoltFile;
import dev.cairn.bbolt.BoltMeta;
import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files: a named error or what was there before, never a hang or a changed file. */
@Timeout(600)
class BboltDamageTest {
  private static final int PAGE = 1024;
  private static final Bucket LARGE = Bucket.named("large");
  private static final Set<Code> NAMED =
      EnumSet.of(Code.CORRUPT, Code.UNSUPPORTED, Code.LIMIT, Code.IO);

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
  private byte[] whole;
  private byte[] image;
  private BoltMeta meta;
  private final Content content = new Content();

  @BeforeEach
  void makeStore() {
    Path store = directory.resolve("db");
    try (Backend backend =
        ENGINE.open(
            store, Stores.CONFIG.withOption("bbolt.pageSizeBytes", Integer.toString(PAGE)))) {
      commit(backend, Stores.puts(random, USERS, 300, 60));
      commit(backend, Stores.puts(random, Bucket.named("few"), 3, 20));
      commit(backend, Stores.puts(random, LARGE, 3, 100_000));
      commit(backend, Stores.put(USERS, "last", "one"));
      image = Stores.image(backend);
    }
    whole = Stores.read(store);
    try (BoltFile file = BoltFile.open(LocalDisk.INSTANCE, store, whole.length)) {
      meta = file.meta();
    }
  }

  private void commit(Backend backend, Batch batch) {
    backend.commit(batch);
    content.apply(batch);
  }

  private int newestMetaAt() {
    return (int) (meta.txid() % 2) * PAGE;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Opens, reads and writes a damaged file; returns the name of what came of it. */
  private String live(byte[] bytes) {
    SimulatedDisk disk = new SimulatedDisk(1);
    Path store = Path.of("/db");
    try (var file = disk.open(store, Disk.Mode.CREATE)) {
      file.write(0, ByteBuffer.wrap(bytes));
    }
    BboltEngine engine = new BboltEngine(disk);
    String outcome = "fine";
    try (Backend backend = engine.open(store, READ_ONLY)) {
      Stores.hash(backend);
    } catch (StorageException e) {
      outcome = named(e);
    }
    assertArrayEquals(bytes, disk.bytes(store));
    try (Backend backend = engine.open(store, READ_WRITE)) {
      backend.commit(Stores.puts(random, USERS, 40, 60));
      backend.commit(Batch.builder().deleteBucket(LARGE).deleteBucket(USERS).build());
      backend.commit(Stores.puts(random, LARGE, 40, 60));
    } catch (StorageException e) {
      outcome = named(e);
    }
    return outcome;
  }

  private static String named(StorageException e) {
    assertTrue(NAMED.contains(e.code()) || e.code() == Code.FULL, e::toString);
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.code().text();
  }

  @Test
  void everyFlipIsNamedOrHarmless() {
    int refused = 0;
    int flips = TestRun.count(1_000, 20_000);
    for (int i = 0; i < flips; i++) {
      byte[] bytes = whole.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        // Where the structure is: headers and the tables behind them.
        int page = random.nextInt((int) meta.highWaterPages());
        int at = page * PAGE + random.nextInt(random.nextBoolean() ? 32 : PAGE);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
      }
      refused += live(bytes).equals("fine") ? 0 : 1;
    }
    assertTrue(refused > flips / 20, refused + " were refused");
    TestRun.report("bbolt damaged files", flips);
    TestRun.report("of them refused by name", refused);
  }

  @Test
  void wildNumbersAreNamedOrHarmless() {
    long[] wild = {-1, 0, 1, 2, 3, Integer.MAX_VALUE, 1L << 31, 1L << 40, Long.MIN_VALUE};
    int tries = TestRun.count(1_000, 20_000);
    for (int i = 0; i < tries; i++) {
      byte[] bytes = whole.clone();
      int page = 2 + random.nextInt((int) meta.highWaterPages() - 2);
      int at = page * PAGE + 4 * random.nextInt(40);
      littleEndian(bytes).putInt(at, (int) wild[random.nextInt(wild.length)]);
      live(bytes);
    }
    TestRun.report("bbolt files with wild numbers", tries);
  }

  @Test
  void everyCutIsCorruptAndLeavesTheFile() {
    for (int i = 0; i < 60; i++) {
      int end = (int) meta.highWaterPages() * PAGE;
      byte[] cut = Arrays.copyOf(whole, i == 0 ? end - 1 : random.nextInt(end));
      Path file = Stores.write(directory.resolve("cut" + i), cut);
      assertCode(Code.CORRUPT, () -> ENGINE.open(file, READ_WRITE));
      assertCode(Code.CORRUPT, () -> ENGINE.open(file, READ_ONLY));
      assertCode(Code.CORRUPT, () -> ENGINE.openImage(file, cut.length));
      assertArrayEquals(cut, Stores.read(file));
    }
  }

  @Test
  void aBrokenMetaLeavesTheVersionBefore() {
    byte[] bytes = whole.clone();
    bytes[newestMetaAt() + 40] ^= 1;
    Path file = Stores.write(directory.resolve("broken"), bytes);
    String old;
    try (Backend backend = ENGINE.open(file, READ_ONLY);
        var view = backend.openView()) {
      assertEquals(null, view.get(USERS, Stores.utf8("last")));
      old = Stores.hash(backend);
    }
    assertArrayEquals(bytes, Stores.read(file));
    // The next commit repairs the broken one and leaves the good one alone.
    try (Backend backend = ENGINE.open(file, READ_WRITE)) {
      assertEquals(old, Stores.hash(backend));
      backend.commit(Stores.put(USERS, "last", "again"));
    }
    int good = PAGE - newestMetaAt();
    assertArrayEquals(
        Arrays.copyOfRange(bytes, good, good + PAGE),
        Arrays.copyOfRange(Stores.read(file), good, good + PAGE));
    Stores.assertSound(LocalDisk.INSTANCE, file);
  }

  @Test
  void bothMetasBrokenIsCorrupt() {
    byte[] bytes = whole.clone();
    bytes[20] ^= 1;
    bytes[PAGE + 20] ^= 1;
    Path file = Stores.write(directory.resolve("broken"), bytes);
    assertCode(Code.CORRUPT, () -> ENGINE.open(file, READ_WRITE));
    assertArrayEquals(bytes, Stores.read(file));
  }

  @Test
  void aCircleOfPagesEnds() {
    byte[] bytes = whole.clone();
    int circles = 0;
    for (int page = 2; page < meta.highWaterPages(); page++) {
      if (littleEndian(bytes).getShort(page * PAGE + Layout.FLAGS_AT) == Layout.FLAG_BRANCH) {
        byte[] circle = whole.clone();
        littleEndian(circle).putLong(page * PAGE + 16 + Layout.BRANCH_CHILD_AT, page);
        live(circle);
        circles++;
      }
    }
    assertTrue(circles > 0, "the tree has no branch");
  }

  @Test
  void damagedImagesAreNotInstalled() {
    Path target = directory.resolve("target");
    Path file = directory.resolve("image");
    for (int i = 0; i < 200; i++) {
      byte[] bytes = image.clone();
      int page = 2 + random.nextInt((int) meta.highWaterPages() - 2);
      bytes[page * PAGE + random.nextInt(40)] ^= (byte) (1 << random.nextInt(8));
      Stores.write(file, bytes);
      try (var view = ENGINE.openImage(file, bytes.length)) {
        ContentHash.v1(view);
      } catch (StorageException e) {
        named(e);
      }
      assertArrayEquals(bytes, Stores.read(file));
      try {
        Stores.install(ENGINE, bytes, target);
        LocalDisk.INSTANCE.delete(target);
      } catch (StorageException e) {
        named(e);
      }
      assertEquals(false, LocalDisk.INSTANCE.exists(target));
    }
  }

  /** Another program wrote last, and its freelist holds a page in use. */
  @Test
  void aFreelistWithAPageInUseIsCorrupt() {
    byte[] bytes = image.clone();
    int at = (int) meta.freelistPage() * PAGE + Layout.PAGE_HEADER_BYTES;
    littleEndian(bytes).putLong(at, meta.rootPage());
    Path file = Stores.write(directory.resolve("shared"), bytes);
    assertCode(Code.CORRUPT, () -> ENGINE.open(file, READ_WRITE));
    assertArrayEquals(bytes, Stores.read(file));
  }

  @Test
  void aNewerFormatIsNamed() {
    byte[] bytes = whole.clone();
    int at = newestMetaAt() + BoltMeta.ENCODED_BYTES;
    bytes[at + 7] = 2;
    CRC32C crc = new CRC32C();
    crc.update(bytes, at, 32);
    littleEndian(bytes).putInt(at + 32, (int) crc.getValue());
    Path file = Stores.write(directory.resolve("newer"), bytes);
    StorageException refused = assertCode(Code.UNSUPPORTED, () -> ENGINE.open(file, READ_WRITE));
    assertTrue(refused.getMessage().contains("version 2"), refused.getMessage());
    assertArrayEquals(bytes, Stores.read(file));
  }
}
