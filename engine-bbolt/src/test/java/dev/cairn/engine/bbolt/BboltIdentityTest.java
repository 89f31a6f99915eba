package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.CONFIG;
import static dev.cairn.engine.bbolt.Stores.ENGINE;
import static dev.cairn.engine.bbolt.Stores.READ_ONLY;
import static dev.cairn.engine.bbolt.Stores.READ_WRITE;
import static dev.cairn.engine.bbolt.Stores.USERS;
import static dev.cairn.engine.bbolt.Stores.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.cairn.bbolt.BoltMeta;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the identity stands, what takes it away, and how the metas follow each other. */
class BboltIdentityTest {
  private static final int PAGE = 4096;

  @TempDir Path directory;
  private Path store;
  private String id;
  private String hash;

  @BeforeEach
  void make() {
    store = directory.resolve("db");
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      backend.commit(Stores.put(USERS, "k", "v"));
      backend.commit(Stores.put(USERS, "k2", "v"));
      id = backend.stats().storeId();
      hash = Stores.hash(backend);
    }
  }

  private String idOf(BackendConfig config) {
    try (Backend backend = ENGINE.open(store, config)) {
      assertEquals(hash, Stores.hash(backend));
      return backend.stats().storeId();
    }
  }

  /** What bbolt's own commits write behind a meta. */
  private void zeroTail(int which) {
    byte[] bytes = Stores.read(store);
    int at = which * PAGE;
    Arrays.fill(bytes, at + BoltMeta.ENCODED_BYTES, at + PAGE, (byte) 0);
    Stores.write(store, bytes);
  }

  @Test
  void itOutlivesOneForeignCommit() {
    for (int which = 0; which < 2; which++) {
      zeroTail(which);
      assertEquals(id, idOf(READ_ONLY));
      try (Backend backend = ENGINE.open(store, READ_WRITE)) {
        backend.commit(Stores.put(USERS, "k2", "v"));
        backend.commit(Stores.put(USERS, "k2", "v"));
      }
      assertEquals(id, idOf(READ_WRITE));
    }
  }

  @Test
  void afterTwoForeignCommitsTheNextOfOursMakesAnother() {
    zeroTail(0);
    zeroTail(1);
    byte[] before = Stores.read(store);
    assertNotEquals(id, idOf(READ_ONLY));
    assertNotEquals(id, idOf(READ_WRITE));
    assertArrayEquals(before, Stores.read(store));
    String fresh;
    try (Backend backend = ENGINE.open(store, READ_WRITE)) {
      backend.commit(Stores.put(USERS, "k2", "v"));
      fresh = backend.stats().storeId();
    }
    assertEquals(fresh, idOf(READ_ONLY));
    assertEquals(fresh, idOf(READ_WRITE));
  }

  @Test
  void noImageHoldsIt() {
    byte[] image;
    try (Backend backend = ENGINE.open(store, READ_ONLY)) {
      image = Stores.image(backend);
    }
    for (int at = 0; at < 2 * PAGE; at += PAGE) {
      byte[] behind = Arrays.copyOfRange(image, at + BoltMeta.ENCODED_BYTES, at + PAGE);
      assertArrayEquals(new byte[PAGE - BoltMeta.ENCODED_BYTES], behind);
    }
  }

  /** In a copy of an odd version the newest meta is in page 0; it is not written over. */
  @Test
  void aCommitNeverTakesThePlaceOfTheNewestMeta() {
    for (int commits = 0; commits < 4; commits++) {
      Path copy = directory.resolve("copy" + commits);
      try (Backend backend = ENGINE.open(store, READ_WRITE)) {
        backend.commit(Stores.put(USERS, "k2", "v"));
        Stores.write(copy, Stores.image(backend));
      }
      byte[] before = Stores.read(copy);
      try (Backend backend = ENGINE.open(copy, READ_WRITE)) {
        backend.commit(Stores.put(USERS, "k3", "v"));
      }
      byte[] after = Stores.read(copy);
      assertArrayEquals(Arrays.copyOf(before, PAGE), Arrays.copyOf(after, PAGE));
      Stores.assertSound(LocalDisk.INSTANCE, copy);
      try (Backend backend = ENGINE.open(copy, READ_WRITE);
          var view = backend.openView()) {
        assertArrayEquals(Stores.utf8("v"), view.get(USERS, Stores.utf8("k3")));
      }
    }
  }

  /** A new file whose newer meta is damaged has txid 0; its copy must not count down from there. */
  @Test
  void theFirstVersionOfAllIsCopiedToo() {
    Path young = directory.resolve("young");
    ENGINE.open(young, CONFIG).close();
    byte[] bytes = Stores.read(young);
    bytes[PAGE + 20] ^= 1;
    Stores.write(young, bytes);
    Path copy = directory.resolve("copy");
    try (Backend backend = ENGINE.open(young, READ_ONLY)) {
      Stores.write(copy, Stores.image(backend));
    }
    try (Backend backend = ENGINE.open(copy, READ_WRITE)) {
      backend.commit(Stores.put(USERS, "k", "v"));
      backend.commit(Stores.put(USERS, "k2", "v"));
      hash = Stores.hash(backend);
    }
    try (Backend backend = ENGINE.open(copy, READ_WRITE)) {
      assertEquals(hash, Stores.hash(backend));
    }
  }

  @Test
  void aTransactionNumberAtTheEndIsRefused() {
    byte[] bytes = Stores.read(store);
    BoltMeta last = new BoltMeta(PAGE, 3, 0, BoltMeta.NO_FREELIST, 4, -1);
    System.arraycopy(last.encode(0), 0, bytes, 0, BoltMeta.ENCODED_BYTES);
    Stores.write(store, bytes);
    assertCode(Code.CORRUPT, () -> ENGINE.open(store, READ_WRITE));
    assertArrayEquals(bytes, Stores.read(store));
  }
}
