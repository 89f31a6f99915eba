package dev.cairn.engine.mapdb;

import static dev.cairn.engine.mapdb.Stores.CONFIG;
import static dev.cairn.engine.mapdb.Stores.ENGINE;
import static dev.cairn.engine.mapdb.Stores.READ_ONLY;
import static dev.cairn.engine.mapdb.Stores.assertCode;
import static dev.cairn.engine.mapdb.Stores.fingerprint;
import static dev.cairn.engine.mapdb.Stores.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** MapDB files that are not Cairn's, or not this version's: refused, and not a byte is changed. */
class MapDbForeignTest {
  @TempDir Path directory;

  private Path foreign() {
    Path file = directory.resolve("own");
    try (DB db = DBMaker.fileDB(file.toFile()).make()) {
      db.treeMap(Content.CATALOG_NAME, Serializer.BYTE_ARRAY_DELTA2, Serializer.BYTE_ARRAY)
          .create()
          .put(new byte[] {'b', 'x'}, new byte[] {1});
    }
    return file;
  }

  @Test
  void aUsersOwnFileIsRecognisedAndRefusedByName() throws Exception {
    Path file = foreign();
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
    assertCode(Code.CORRUPT, () -> Stores.install(read(file), directory.resolve("db")));
    assertEquals(before, fingerprint(directory));
  }

  @Test
  void aNewerStoreIsNamed() throws Exception {
    Path file = directory.resolve("db");
    ENGINE.open(file, CONFIG).close();
    byte[] bytes = read(file);
    byte[] identity = Identity.fresh(7).encode();
    System.arraycopy(identity, 0, bytes, PageFile.MAGIC.length, identity.length);
    Files.write(file, bytes);
    Map<Path, Integer> before = fingerprint(directory);
    StorageException newer = assertCode(Code.UNSUPPORTED, () -> ENGINE.open(file, CONFIG));
    assertTrue(newer.getMessage().contains("version 7"), newer.getMessage());
    assertEquals(before, fingerprint(directory));
  }

  @Test
  void anImageIsNoStoreAndAStoreNoImage() throws Exception {
    Path file = directory.resolve("db");
    byte[] image;
    try (var backend = ENGINE.open(file, CONFIG)) {
      image = Stores.image(backend);
    }
    assertCode(Code.CORRUPT, () -> ENGINE.openImage(file, Files.size(file)));
    Path imageFile = Files.write(directory.resolve("image"), image);
    assertCode(Code.UNSUPPORTED, () -> ENGINE.open(imageFile, CONFIG));
    assertCode(Code.UNSUPPORTED, () -> ENGINE.open(imageFile, READ_ONLY));
  }
}
