package dev.cairn.engine.mapdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MapDB's index of records goes on from unit to unit, of some 131,000 records each. */
class MapDbManyRecordsTest {
  private static final Bucket DATA = Bucket.named("data");
  private static final int RECORDS = 300_000;
  private static final int BATCH = 10_000;
  private static final BackendConfig RELAXED =
      BackendConfig.defaults().withDurability(BackendConfig.Durability.RELAXED);

  @TempDir private Path directory;

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /** Long enough for a record of its own. */
  private static byte[] value(int number) {
    return ByteBuffer.allocate(Values.INLINE_BYTES_MAX + 1).putInt(number).array();
  }

  @Test
  void growOverSeveralUnitsWhileTheStoreIsOpen() {
    Path store = directory.resolve("store");
    try (Backend backend = new MapDbEngine().open(store, RELAXED)) {
      for (int from = 0; from < RECORDS; from += BATCH) {
        Batch.Builder batch = Batch.builder().createBucket(DATA);
        for (int number = from; number < from + BATCH; number++) {
          batch.put(DATA, key(number), value(number));
        }
        // One that is there already is written anew in its own record.
        batch.put(DATA, key(from / 2), value(from / 2));
        backend.commit(batch.build());
      }
      assertAllThere(backend);
    }
    try (Backend backend = new MapDbEngine().open(store, RELAXED)) {
      assertAllThere(backend);
    }
  }

  private static void assertAllThere(Backend backend) {
    try (ReadView view = backend.openView();
        Cursor cursor = view.openCursor(DATA)) {
      for (int number = 0; number < RECORDS; number++) {
        assertTrue(cursor.next());
        assertEquals(ByteBuffer.wrap(key(number)), cursor.key());
        assertEquals(number, cursor.value().getInt(0));
      }
      assertEquals(false, cursor.next());
      assertArrayEquals(value(RECORDS - 1), view.get(DATA, key(RECORDS - 1)));
    }
  }
}
