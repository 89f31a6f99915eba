package dev.cairn.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store says beforehand what its updates would throw. */
class StoreRefusalTest {
  private static final Bucket BUCKET = Bucket.named("b");

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("store.db");
  }

  private static Optional<Code> refusal(Store store) {
    return store.refusal().map(StorageException::code);
  }

  @Test
  void aStoreThatTakesUpdatesRefusesNothingAlsoInsideOne() {
    try (Store store = Store.open(file(), StoreConfig.engine("lmdb"))) {
      assertEquals(Optional.empty(), store.refusal());
      store.update(
          tx -> {
            tx.createBucket(BUCKET);
            assertEquals(Optional.empty(), store.refusal());
          });
      store.defragment();
      assertEquals(Optional.empty(), store.refusal());
    }
  }

  @Test
  void aStoppedOrClosedStoreThrowsWhatItTold() {
    Store store = Store.open(file(), StoreConfig.engine("lmdb"));
    try (store) {
      store.refuseUpdates(StorageException.of(Code.CORRUPT, "the log ends early"));
      StorageException thrown =
          assertThrows(StorageException.class, () -> store.update(tx -> tx.createBucket(BUCKET)));
      assertEquals(thrown.getMessage(), store.refusal().orElseThrow().getMessage());
      assertEquals(Optional.of(Code.CORRUPT), refusal(store));
    }
    assertEquals(Optional.of(Code.CLOSED), refusal(store));
  }

  @Test
  void aStoreForReadingAloneIsReadOnly() {
    Store.open(file(), StoreConfig.engine("lmdb")).close();
    BackendConfig reading = BackendConfig.defaults().withAccess(BackendConfig.Access.READ_ONLY);
    try (Store store = Store.open(file(), StoreConfig.existing().withBackend(reading))) {
      assertEquals(Optional.of(Code.READ_ONLY), refusal(store));
    }
  }
}
