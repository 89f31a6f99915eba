package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.USERS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log and the image of the reference engine make of damaged bytes. */
class HeapDamageTest {
  private static final int BATCHES = 6;

  @TempDir private Path directory;
  private final List<Model> states = new ArrayList<>();
  private final List<Long> ends = new ArrayList<>();
  private Bench bench;
  private byte[] whole;

  @BeforeEach
  void makeStore() {
    bench = new Bench(new HeapEngine(), BackendConfig.defaults(), directory);
    try (Backend backend = bench.open()) {
      note(backend);
      for (int i = 0; i < BATCHES; i++) {
        backend.commit(Data.fill(USERS, 5 + i, 300, i));
        note(backend);
      }
    }
    whole = Bench.read(bench.store());
  }

  private void note(Backend backend) {
    states.add(content(backend));
    ends.add(backend.stats().fileBytes());
  }

  private Path damaged(String name, byte[] bytes) {
    return bench.write(name, bytes);
  }

  private Backend open(Path file, Access access) {
    return bench.open(file, BackendConfig.defaults().withAccess(access));
  }

  @Test
  void everyCutOfTheLastRecordDropsIt() {
    int from = (int) (long) ends.get(BATCHES - 1);
    for (int length = from; length < whole.length; length += 37) {
      Path file = damaged("cut" + length, Arrays.copyOf(whole, length));
      try (Backend reader = open(file, Access.READ_ONLY)) {
        assertSame(states.get(BATCHES - 1), content(reader));
      }
      assertEquals(length, Bench.read(file).length);
      try (Backend writer = open(file, Access.READ_WRITE)) {
        assertSame(states.get(BATCHES - 1), content(writer));
      }
      assertArrayEquals(Arrays.copyOf(whole, from), Bench.read(file));
    }
  }

  @Test
  void aCutAtTheEndOfARecordIsAnEarlierState() {
    for (int i = 0; i <= BATCHES; i++) {
      Path file = damaged("end" + i, Arrays.copyOf(whole, (int) (long) ends.get(i)));
      try (Backend backend = open(file, Access.READ_WRITE)) {
        assertSame(states.get(i), content(backend));
        backend.commit(Data.put(USERS, "more", "1"));
      }
    }
  }

  @Test
  void everyFlipBeforeTheLastRecordIsCorrupt() {
    SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
    int last = (int) (long) ends.get(BATCHES - 1);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = whole.clone();
      int at = HeapLog.HEADER_BYTES + random.nextInt(last - HeapLog.HEADER_BYTES);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Path file = damaged("flip" + i, bytes);
      for (Access access : List.of(Access.READ_ONLY, Access.READ_WRITE)) {
        StorageException refused = assertCode(() -> open(file, access), Code.CORRUPT);
        assertTrue(refused.offsetBytes().isPresent());
        assertArrayEquals(bytes, Bench.read(file));
      }
    }
  }

  @Test
  void aFlipInTheLastRecordDropsIt() {
    int from = (int) (long) ends.get(BATCHES - 1);
    for (int at = from; at < whole.length; at += 11) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x10;
      try (Backend backend = open(damaged("flip" + at, bytes), Access.READ_ONLY)) {
        assertSame(states.get(BATCHES - 1), content(backend));
      }
    }
  }

  @Test
  void aDamagedHeaderIsRefused() {
    for (int at = 0; at < HeapLog.HEADER_BYTES; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x40;
      Path file = damaged("header" + at, bytes);
      assertCode(() -> open(file, Access.READ_WRITE), Code.CORRUPT, Code.UNSUPPORTED);
      assertArrayEquals(bytes, Bench.read(file));
    }
  }

  @Test
  void aNewerFormatIsNamed() {
    byte[] bytes = whole.clone();
    ByteBuffer.wrap(bytes).putShort(HeapLog.MAGIC.length + 6, (short) 2);
    StorageException refused =
        assertCode(() -> open(damaged("newer", bytes), Access.READ_WRITE), Code.UNSUPPORTED);
    assertTrue(refused.getMessage().contains("version 2"), refused::getMessage);
  }

  /** Records of another store, even at the right place, are not this one's. */
  @Test
  void anotherStoresRecordsAreNotReplayed() {
    Path other = directory.resolve("other");
    open(other, Access.READ_WRITE_CREATE).close();
    byte[] mixed = whole.clone();
    System.arraycopy(Bench.read(other), 0, mixed, 0, HeapLog.HEADER_BYTES);
    try (Backend backend = open(damaged("mixed", mixed), Access.READ_ONLY)) {
      assertSame(new Model(), content(backend));
    }
  }

  @Test
  void everyFlipOfAnImageIsCorrupt() throws Exception {
    byte[] image;
    try (Backend backend = bench.open()) {
      image = Bench.read(bench.image(backend, "image"));
    }
    int end = image.length;
    while (image[end - 1] == 0) {
      end--;
    }
    SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
    for (int i = 0; i < 300; i++) {
      byte[] bytes = image.clone();
      bytes[random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
      Path file = damaged("image" + i, bytes);
      assertCode(() -> bench.openImage(file), Code.CORRUPT);
      Path target = directory.resolve("target");
      assertCode(
          () -> bench.engine().install(new ImageChannel(bytes), bytes.length, target),
          Code.CORRUPT);
    }
  }

  @Test
  void imagesOfEqualContentAreEqual() throws Exception {
    try (Backend one = bench.open();
        Backend two = open(directory.resolve("two"), Access.READ_WRITE_CREATE)) {
      for (int i = BATCHES; i-- > 0; ) {
        two.commit(Data.fill(USERS, 5 + i, 300, 77));
      }
      two.commit(Data.fill(USERS, 4 + BATCHES, 300, BATCHES - 1));
      assertSame(content(one), content(two));
      assertArrayEquals(
          Bench.read(bench.image(one, "image1")), Bench.read(bench.image(two, "image2")));
    }
  }
}
