package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.ENGINE;
import static dev.cairn.engine.lmdb.Stores.READ_ONLY;
import static dev.cairn.engine.lmdb.Stores.assertCode;
import static dev.cairn.engine.lmdb.Stores.fingerprint;
import static dev.cairn.engine.lmdb.Stores.read;
import static dev.cairn.engine.lmdb.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/** LMDB files that are not Cairn's, or not this version's: refused, and not a byte is changed. */
class LmdbForeignTest {
  @TempDir Path directory;

  /** A user's own file; its lock file is put away, so that a new one would be noticed. */
  private Path foreign(String database, byte[] key, byte[] value) throws Exception {
    Path file = directory.resolve("own");
    try (Env<byte[]> env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(1 << 20)
            .setMaxDbs(4)
            .open(file.toFile(), EnvFlags.MDB_NOSUBDIR)) {
      Dbi<byte[]> dbi = env.openDbi(database, DbiFlags.MDB_CREATE);
      try (Txn<byte[]> txn = env.txnWrite()) {
        dbi.put(txn, key, value);
        txn.commit();
      }
    }
    Files.delete(directory.resolve("own-lock"));
    return file;
  }

  private void assertRefused(Path file, Code code) throws Exception {
    Map<Path, Integer> before = fingerprint(directory);
    assertCode(code, () -> ENGINE.open(file, CONFIG));
    assertCode(code, () -> ENGINE.open(file, READ_ONLY));
    assertCode(code, () -> ENGINE.openImage(file, Files.size(file)));
    assertCode(code, () -> Stores.install(read(file), directory.resolve("db")));
    assertEquals(before, fingerprint(directory));
  }

  @Test
  void aUsersOwnFileIsRecognisedAndRefusedByName() throws Exception {
    Path file = foreign("mine", utf8("k"), utf8("v"));
    try (DiskFile head = LocalDisk.INSTANCE.open(file, Disk.Mode.READ)) {
      assertTrue(ENGINE.recognizes(head));
    }
    Map<Path, Integer> before = fingerprint(directory);
    for (boolean readOnly : new boolean[] {false, true}) {
      StorageException refused =
          assertCode(Code.UNSUPPORTED, () -> ENGINE.open(file, readOnly ? READ_ONLY : CONFIG));
      assertTrue(refused.getMessage().contains("not a Cairn store"), refused.getMessage());
    }
    assertCode(Code.UNSUPPORTED, () -> ENGINE.openImage(file, Files.size(file)));
    assertEquals(before, fingerprint(directory));
  }

  @Test
  void aDatabaseOfOurNameDoesNotMakeItOurs() throws Exception {
    assertRefused(foreign("cairn", utf8("k"), utf8("v")), Code.UNSUPPORTED);
  }

  /** Its main database has numbers for keys, which names are not to be compared with. */
  @Test
  void numbersForKeysAreNotOurs() throws Exception {
    Path file = directory.resolve("own");
    try (Env<byte[]> env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(1 << 20)
            .open(file.toFile(), EnvFlags.MDB_NOSUBDIR)) {
      Dbi<byte[]> main = env.openDbi((byte[]) null, DbiFlags.MDB_CREATE, DbiFlags.MDB_INTEGERKEY);
      try (Txn<byte[]> txn = env.txnWrite()) {
        main.put(txn, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, utf8("v"));
        txn.commit();
      }
    }
    Files.delete(directory.resolve("own-lock"));
    Map<Path, Integer> before = fingerprint(directory);
    assertCode(Code.UNSUPPORTED, () -> ENGINE.open(file, CONFIG));
    assertCode(Code.UNSUPPORTED, () -> ENGINE.open(file, READ_ONLY));
    assertCode(Code.UNSUPPORTED, () -> ENGINE.openImage(file, Files.size(file)));
    assertCode(Code.CORRUPT, () -> Stores.install(read(file), directory.resolve("db")));
    assertEquals(before, fingerprint(directory));
  }

  @Test
  void anIdentityAmongOtherDatabasesDoesNotMakeItOurs() throws Exception {
    byte[] identity = dev.cairn.engine.support.Identity.fresh(1).encode();
    Path file = foreign("cairn", CatalogKeys.IDENTITY, identity);
    try (Env<byte[]> env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMaxDbs(4)
            .open(file.toFile(), EnvFlags.MDB_NOSUBDIR)) {
      env.openDbi("mine", DbiFlags.MDB_CREATE);
    }
    Files.delete(directory.resolve("own-lock"));
    assertRefused(file, Code.CORRUPT);
  }

  @Test
  void aNewerFormatIsNamed() throws Exception {
    byte[] identity = dev.cairn.engine.support.Identity.fresh(7).encode();
    Path file = foreign("cairn", CatalogKeys.IDENTITY, identity);
    assertRefused(file, Code.UNSUPPORTED);
    StorageException newer = assertCode(Code.UNSUPPORTED, () -> ENGINE.open(file, CONFIG));
    assertTrue(newer.getMessage().contains("version 7"), newer.getMessage());
  }

  @Test
  void aFileOfTheSameShapeMadeByLmdbIsOurs() throws Exception {
    byte[] identity = dev.cairn.engine.support.Identity.fresh(1).encode();
    Path file = foreign("cairn", CatalogKeys.IDENTITY, identity);
    try (Backend backend = ENGINE.open(file, CONFIG)) {
      backend.commit(Stores.puts(new java.util.SplittableRandom(1), Stores.USERS, 100, 100));
      assertEquals(100, backend.stats().commits() * 100);
    }
    assertEquals(17, slots(file));
  }

  private static int slots(Path file) {
    try (DiskFile data = LocalDisk.INSTANCE.open(file, Disk.Mode.READ)) {
      Version version = Version.newest(new FilePages(data, data.sizeBytes()));
      return (int) version.meta().main().entries();
    }
  }
}
