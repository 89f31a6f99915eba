package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.USERS;
import static dev.cairn.testkit.Data.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Opening: what is made, what is refused, and what must not be touched. */
interface OpenRules extends ContractCase {
  private BackendConfig access(Access access) {
    return bench().config().withAccess(access);
  }

  private void makeStore() {
    Backend backend = bench().open();
    backend.commit(Data.fill(USERS, 300, 100, 1));
    backend.commit(Data.put(USERS, "ada", "1815"));
    backend.close();
  }

  @Test
  default void theInfoIsConstantAndWhole() {
    EngineInfo info = bench().engine().info();
    assertEquals(info, bench().engine().info());
    assertTrue(info.formatVersion() >= 1);
    assertFalse(info.libraryVersion().isBlank());
    assertFalse(info.longViewCost().isBlank());
    for (EngineInfo.Option option : info.options()) {
      assertTrue(option.name().startsWith(info.name() + "."), option::name);
      assertFalse(option.meaning().isBlank());
    }
  }

  @Test
  default void anAbsentStoreIsMadeOnlyWhenAskedTo() {
    for (Access access : List.of(Access.READ_WRITE, Access.READ_ONLY)) {
      assertCode(() -> bench().open(bench().store(), access(access)), Code.NOT_FOUND);
      assertEquals(Map.of(), bench().fingerprint());
    }
    bench().open().close();
    bench().open(bench().store(), access(Access.READ_WRITE)).close();
  }

  @Test
  default void aStoreInAnAbsentDirectoryIsRefused() {
    Path store = bench().directory().resolve("absent").resolve("db");
    for (Access access : Access.values()) {
      assertCode(() -> bench().open(store, access(access)), Code.NOT_FOUND, Code.IO);
      assertEquals(Map.of(), bench().fingerprint());
    }
  }

  @Test
  default void aDirectoryIsNoStore() {
    Path directory = bench().directory().resolve("d");
    LocalDisk.INSTANCE.createDirectory(directory);
    for (Access access : Access.values()) {
      assertCode(
          () -> bench().open(directory, access(access)), Code.IO, Code.UNSUPPORTED, Code.CORRUPT);
    }
    assertEquals(Map.of(directory, 0), bench().fingerprint());
  }

  @Test
  default void afterCloseThereIsNothingButTheStoresFiles() {
    makeStore();
    List<Path> files = bench().engine().files(bench().store());
    assertEquals(bench().store(), files.get(files.size() - 1));
    assertEquals(files.size(), new TreeSet<>(files).size());
    Map<Path, Integer> there = bench().fingerprint();
    assertTrue(there.containsKey(bench().store()));
    assertTrue(files.containsAll(there.keySet()), () -> there.keySet() + " against " + files);
  }

  @Test
  default void contentSurvivesManyReopens() {
    Model expected = new Model().create(USERS);
    for (int round = 0; round < 20; round++) {
      Backend backend = bench().open();
      backend.commit(Data.put(USERS, "k" + round % 7, "v" + round));
      expected.put(USERS, utf8("k" + round % 7), utf8("v" + round));
      assertSame(expected, content(backend));
      backend.close();
    }
  }

  @Test
  default void theStoreIdIsKeptByAReopenAndIsEachStoresOwn() {
    Backend backend = bench().open();
    String id = backend.stats().storeId();
    backend.commit(Data.put(USERS, "k", "v"));
    assertEquals(id, backend.stats().storeId());
    backend.close();
    assertEquals(id, bench().open().stats().storeId());
    Backend other = bench().open(bench().directory().resolve("other"), bench().config());
    assertNotEquals(id, other.stats().storeId());
  }

  @Test
  default void readOnlyReadsAndRefusesChanges() {
    makeStore();
    Backend reader = bench().open(bench().store(), access(Access.READ_ONLY));
    Model before = content(reader);
    assertEquals(301, before.buckets().get(USERS).size());
    assertCode(() -> reader.commit(Data.put(USERS, "k", "v")), Code.READ_ONLY);
    assertSame(before, content(reader));
  }

  @Test
  default void readOnlyChangesNoByteAndMakesNoFile() throws IOException {
    makeStore();
    Map<Path, Integer> before = withoutLocks(bench().fingerprint());
    try (Backend reader = bench().open(bench().store(), access(Access.READ_ONLY))) {
      content(reader);
      try (Snapshot snapshot = reader.snapshot()) {
        snapshot.writeTo(new Sinks.Memory());
      }
      reader.stats();
    }
    assertEquals(before, withoutLocks(bench().fingerprint()));
  }

  /** A file that only holds locks may note its readers; its name ends so. */
  private static Map<Path, Integer> withoutLocks(Map<Path, Integer> fingerprint) {
    fingerprint.replaceAll((path, hash) -> path.toString().endsWith("lock") ? 0 : hash);
    return fingerprint;
  }

  @Test
  default void anUnknownOptionIsRefusedAndTheValidOnesAreNamed() {
    BackendConfig config = bench().config().withOption("no.such.option", "1");
    StorageException refused =
        assertCode(() -> bench().open(bench().store(), config), Code.UNSUPPORTED);
    assertTrue(refused.getMessage().contains("no.such.option"), refused::getMessage);
    for (EngineInfo.Option option : bench().engine().info().options()) {
      assertTrue(refused.getMessage().contains(option.name()), refused::getMessage);
    }
    assertEquals(Map.of(), bench().fingerprint());
  }

  @Test
  default void relaxedWorksOrIsRefusedByName() {
    BackendConfig relaxed = bench().config().withDurability(Durability.RELAXED);
    Backend backend;
    try {
      backend = bench().open(bench().store(), relaxed);
    } catch (StorageException refused) {
      assertEquals(Code.UNSUPPORTED, refused.code());
      assertEquals(Map.of(), bench().fingerprint());
      return;
    }
    backend.commit(Data.fill(USERS, 50, 100, 1));
    backend.sync();
    backend.commit(Data.put(USERS, "unsynced", "1"));
    Model expected = content(backend);
    backend.close();
    assertSame(expected, content(bench().open()));
  }

  @Test
  default void syncIsANoOpUnderSync() {
    Backend backend = bench().open();
    backend.sync();
    backend.commit(Data.put(USERS, "k", "v"));
    backend.sync();
    assertEquals(1, content(backend).buckets().get(USERS).size());
  }
}
