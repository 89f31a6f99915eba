package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.USERS;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Files that are not a store, or no longer: a named error, and not a byte is changed. */
interface JunkRules extends ContractCase {
  private Map<String, byte[]> junk() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>(Junk.foreign());
    files.putAll(Junk.lookingLikeStores());
    if (!bench().engine().info().name().equals("heap")) {
      files.put("heap", heapStore());
    }
    return files;
  }

  private byte[] heapStore() {
    Path store = bench().directory().resolve("heap-store");
    try (Backend heap = new HeapEngine().open(store, BackendConfig.defaults())) {
      heap.commit(Data.put(USERS, "k", "v"));
    }
    byte[] bytes = Bench.read(store);
    LocalDisk.INSTANCE.delete(store);
    return bytes;
  }

  private byte[] ownStore(List<Model> states) {
    Backend backend = bench().open();
    states.add(content(backend));
    for (int i = 0; i < 10; i++) {
      backend.commit(Data.fill(USERS, 100 + i, 300, i * 1_000L));
      states.add(content(backend));
    }
    backend.close();
    return Bench.read(bench().store());
  }

  @Test
  default void junkIsRefusedByNameAndLeftAsItIs() throws IOException {
    for (Map.Entry<String, byte[]> junk : junk().entrySet()) {
      Path file = bench().write(junk.getKey(), junk.getValue());
      Map<Path, Integer> before = bench().fingerprint();
      for (Access access : Access.values()) {
        StorageException refused =
            assertCode(
                () -> bench().open(file, bench().config().withAccess(access)),
                Code.CORRUPT,
                Code.UNSUPPORTED);
        assertTrue(refused.getMessage().contains(junk.getKey()), refused::getMessage);
        assertEquals(before, bench().fingerprint());
      }
    }
  }

  @Test
  default void junkIsNoImage() throws IOException {
    for (Map.Entry<String, byte[]> junk : junk().entrySet()) {
      Path file = bench().write(junk.getKey(), junk.getValue());
      Map<Path, Integer> before = bench().fingerprint();
      assertCode(() -> bench().openImage(file), Code.CORRUPT, Code.UNSUPPORTED);
      assertEquals(before, bench().fingerprint());
    }
  }

  @Test
  default void aFileThatIsNotThereIsNoImage() {
    Path absent = bench().directory().resolve("absent");
    assertCode(() -> bench().engine().openImage(absent, 4_096), Code.NOT_FOUND, Code.IO);
  }

  /** A cut store is refused, or is one that was: an engine may drop commits from the end. */
  @Test
  default void aTruncatedStoreIsRefusedOrHoldsAnEarlierState() {
    List<Model> states = new ArrayList<>();
    byte[] whole = ownStore(states);
    for (int cut : Junk.cuts(whole.length)) {
      Path file = bench().write("cut-" + cut, Arrays.copyOf(whole, cut));
      byte[] before = Bench.read(file);
      for (Access access : List.of(Access.READ_ONLY, Access.READ_WRITE)) {
        try (Backend backend = bench().open(file, bench().config().withAccess(access))) {
          Model found = content(backend);
          assertTrue(
              states.stream().anyMatch(state -> state.difference(found) == null),
              () -> "cut at " + cut + " holds what never was");
        } catch (StorageException refused) {
          assertTrue(
              refused.code() == Code.CORRUPT || refused.code() == Code.UNSUPPORTED,
              refused::toString);
          assertEquals(Arrays.hashCode(before), Arrays.hashCode(Bench.read(file)));
        }
        if (access == Access.READ_ONLY) {
          assertEquals(Arrays.hashCode(before), Arrays.hashCode(Bench.read(file)));
        }
      }
    }
  }

  @Test
  default void aFileTellsItsEngine() throws IOException {
    assertTrue(bench().engine().recognizes(Heads.of(ownStore(new ArrayList<>()))));
    try (Backend backend = bench().open()) {
      Path image = bench().image(backend, "image");
      assertTrue(bench().engine().recognizes(Heads.of(Bench.read(image))));
    }
  }

  @Test
  default void junkIsNotRecognised() throws IOException {
    for (Map.Entry<String, byte[]> junk : Junk.foreign().entrySet()) {
      assertFalse(bench().engine().recognizes(Heads.of(junk.getValue())), junk::getKey);
    }
  }

  @Test
  default void recognisingNeverThrows() throws IOException {
    List<byte[]> files = new ArrayList<>(junk().values());
    files.add(ownStore(new ArrayList<>()));
    SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
    int tries = TestRun.count(3_000, 100_000);
    for (int i = 0; i < tries; i++) {
      byte[] whole = files.get(random.nextInt(files.size()));
      byte[] file = Arrays.copyOf(whole, random.nextInt(Math.min(whole.length, 20_000) + 1));
      for (int flips = random.nextInt(8); flips > 0 && file.length > 0; flips--) {
        int reach = random.nextBoolean() ? file.length : Math.min(file.length, 128);
        file[random.nextInt(reach)] = (byte) random.nextInt(256);
      }
      assertDoesNotThrow(() -> bench().engine().recognizes(Heads.of(file)));
    }
  }
}
