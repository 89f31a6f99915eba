package dev.cairn.engine.lmdb;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Batch.Change;
import dev.cairn.spi.Batch.Mode;
import java.util.Arrays;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
import org.lmdbjava.PutFlags;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/** Applies one batch within one write transaction. */
final class BatchWriter {
  private final LmdbEnv env;
  private final Txn<NativeBytes> txn;
  private final SlotTable slots;

  /**
   * @param slots changed along with the catalog
   */
  BatchWriter(LmdbEnv env, Txn<NativeBytes> txn, SlotTable slots) {
    this.env = env;
    this.txn = txn;
    this.slots = slots;
  }

  void apply(Batch batch) {
    // Drops first: a batch at the limit of buckets may fill the slots that it frees.
    for (Change change : batch.changes()) {
      if (change.mode() == Mode.DROP) {
        drop(change);
      }
    }
    for (Change change : batch.changes()) {
      if (change.mode() != Mode.DROP) {
        write(change);
      }
    }
  }

  private void drop(Change change) {
    if (!slots.contains(change.bucket())) {
      return;
    }
    empty(slots.release(change.bucket()));
    env.catalog().delete(txn, env.key(CatalogKeys.key(change.bucket())));
  }

  private void empty(int slot) {
    env.slot(slot).drop(txn, false);
  }

  private void write(Change change) {
    int slot = ensured(change);
    if (change.size() == 0) {
      return;
    }
    Dbi<NativeBytes> database = env.slot(slot);
    try (Cursor<NativeBytes> cursor = database.openCursor(txn)) {
      int appended = firstBehind(cursor, change);
      for (int i = 0; i < change.size(); i++) {
        write(cursor, change.key(i), change.value(i), i >= appended);
      }
    }
  }

  private int ensured(Change change) {
    if (slots.contains(change.bucket())) {
      int slot = slots.slot(change.bucket());
      if (change.mode() == Mode.CLEAR) {
        empty(slot);
      }
      return slot;
    }
    int slot = slots.take(change.bucket());
    NativeBytes name = env.key(CatalogKeys.key(change.bucket()));
    env.catalog().put(txn, name, env.value(CatalogKeys.slotValue(slot)));
    return slot;
  }

  /** Index of the first key behind all that are stored; from there on LMDB may fill pages up. */
  private static int firstBehind(Cursor<NativeBytes> cursor, Change change) {
    if (!cursor.seek(SeekOp.MDB_LAST)) {
      return 0;
    }
    byte[] last = cursor.key().toArray();
    int low = 0;
    int high = change.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(change.key(middle), last) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void write(Cursor<NativeBytes> cursor, byte[] name, byte[] bytes, boolean append) {
    NativeBytes key = env.key(name);
    if (bytes == null) {
      if (!append && cursor.get(key, GetOp.MDB_SET)) {
        cursor.delete();
      }
    } else if (append) {
      cursor.reserve(key, bytes.length, PutFlags.MDB_APPEND).fill(bytes);
    } else {
      cursor.reserve(key, bytes.length).fill(bytes);
    }
  }
}
