package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.ENGINE;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.assertCode;
import static dev.cairn.engine.lmdb.Stores.hash;
import static dev.cairn.engine.lmdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.cairn.spi.Backend;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An open store whose files are renamed goes on, and another one may take its name. */
class LmdbSwapTest {
  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void anOpenStoreBearsTheRenamingOfItsFiles() throws Exception {
    Path store = directory.resolve("db");
    Path old = directory.resolve("db.old.1");
    Backend first = ENGINE.open(store, CONFIG);
    try {
      first.commit(puts(random, USERS, 300, 500));
      String before = hash(first);
      ReadView reader = first.openView();
      for (int i = 0; i < 2; i++) {
        Files.move(ENGINE.files(store).get(i), ENGINE.files(old).get(i));
      }
      try (Backend second = ENGINE.open(store, CONFIG)) {
        second.commit(puts(random, USERS, 100, 100));
        assertEquals(before, ContentHash.v1(reader));
        first.commit(puts(random, USERS, 300, 5_000));
        assertCode(Code.LOCKED, () -> ENGINE.open(old, CONFIG));
        assertCode(Code.LOCKED, () -> ENGINE.open(store, CONFIG));
        Path image = Files.write(directory.resolve("image"), Stores.image(first));
        assertEquals(hash(first), Stores.imageHash(image));
        assertNotEquals(hash(first), hash(second));
        first.close();
        second.commit(puts(random, USERS, 100, 100));
        assertCode(Code.LOCKED, () -> ENGINE.open(store, CONFIG));
      }
    } finally {
      first.close();
    }
    ENGINE.open(old, CONFIG).close();
  }
}
