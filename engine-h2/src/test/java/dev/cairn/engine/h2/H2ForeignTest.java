package dev.cairn.engine.h2;

import static dev.cairn.engine.h2.Stores.CONFIG;
import static dev.cairn.engine.h2.Stores.ENGINE;
import static dev.cairn.engine.h2.Stores.READ_ONLY;
import static dev.cairn.engine.h2.Stores.USERS;
import static dev.cairn.engine.h2.Stores.assertCode;
import static dev.cairn.engine.h2.Stores.fingerprint;
import static dev.cairn.engine.h2.Stores.hash;
import static dev.cairn.engine.h2.Stores.puts;
import static dev.cairn.engine.h2.Stores.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2 files that Cairn did not make, and what H2 itself makes of one that it did. */
class H2ForeignTest {
  @TempDir Path directory;

  /** Must never come to be out of a file. */
  static final class Hostile implements Serializable {
    private static final long serialVersionUID = 1L;

    private Object readResolve() {
      throw new AssertionError("an object was deserialized");
    }
  }

  private void assertRefused(Path file, Code code, String named) throws IOException {
    try (DiskFile head = LocalDisk.INSTANCE.open(file, Disk.Mode.READ)) {
      assertTrue(ENGINE.recognizes(head));
    }
    Map<Path, Integer> before = fingerprint(directory);
    for (boolean readOnly : new boolean[] {false, true}) {
      StorageException refused =
          assertCode(code, () -> ENGINE.open(file, readOnly ? READ_ONLY : CONFIG));
      assertTrue(refused.getMessage().contains(named), refused.getMessage());
    }
    assertCode(code, () -> ENGINE.openImage(file, Files.size(file)));
    assertCode(code, () -> Stores.install(read(file), directory.resolve("installed")));
    assertEquals(before, fingerprint(directory));
  }

  @Test
  void anH2StoreOfSomebodyElseIsRefused() throws IOException {
    Path file = directory.resolve("own.mv.db");
    try (MVStore store = MVStore.open(file.toString())) {
      store.openMap("mine").put("k", new Hostile());
    }
    assertRefused(file, Code.UNSUPPORTED, "not a Cairn store");
  }

  @Test
  void aNewerFormatIsNamed() throws IOException {
    Path file = made();
    try (DiskFile raw = LocalDisk.INSTANCE.open(file, Disk.Mode.READ_WRITE)) {
      FileHeader header = CommitPoint.candidates(raw, raw.sizeBytes()).get(0).header();
      for (int slot = 0; slot < 2; slot++) {
        CommitPoint.write(raw, header.withIdentity(Identity.fresh(7)), slot);
      }
    }
    assertRefused(file, Code.UNSUPPORTED, "version 7");
  }

  private Path made() {
    Path file = directory.resolve("db");
    try (Backend backend = ENGINE.open(file, CONFIG)) {
      backend.commit(puts(new SplittableRandom(1), USERS, 100, 100));
    }
    return file;
  }

  /** Nobody has to fear for the data of a store when Cairn is gone. */
  @Test
  void h2ItselfReadsAStoreOfOurs() throws IOException {
    Path file = made();
    int[] count = {0};
    try (MVStore store =
        new MVStore.Builder().fileName(file.toString()).readOnly().autoCommitDisabled().open()) {
      MVMap<byte[], byte[]> map =
          store.openMap(
              store.getMapNames().iterator().next(),
              new MVMap.Builder<byte[], byte[]>()
                  .keyType(ByteArrayType.INSTANCE)
                  .valueType(ByteArrayType.INSTANCE));
      map.forEach((key, value) -> count[0]++);
    }
    assertEquals(100, count[0]);
  }

  /** H2 writes the header in its own way; what it wrote is not half taken for ours. */
  @Test
  void aStoreThatH2HasWrittenToIsRefusedOrWhole() {
    Path file = made();
    String before;
    try (Backend backend = ENGINE.open(file, READ_ONLY)) {
      before = hash(backend);
    }
    try (MVStore store = MVStore.open(file.toString())) {
      for (int i = 0; i < 50; i++) {
        store.openMap("mine").put(i, "v");
        store.commit();
      }
    }
    try (Backend backend = ENGINE.open(file, CONFIG)) {
      assertEquals(before, hash(backend));
    } catch (StorageException e) {
      assertEquals(Code.CORRUPT, e.code());
    }
  }
}
