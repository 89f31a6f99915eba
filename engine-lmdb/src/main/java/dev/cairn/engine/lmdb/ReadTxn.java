package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.Pin;
import dev.cairn.engine.support.Pins;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.lang.invoke.VarHandle;
import org.lmdbjava.Txn;

/**
 * A read transaction of LMDB, held by a pin: it keeps the pages of one version from being used
 * again.
 *
 * @param pin ends the transaction
 * @param meta which version it pins
 */
record ReadTxn(Pin pin, Meta meta) {
  private static final int TRIES_MAX = 1000;

  static ReadTxn begin(LmdbEnv env, Pins pins, PinnedPages pinned) {
    Pin pin = pins.begin();
    try {
      for (int i = 0; i < TRIES_MAX; i++) {
        Meta meta = tryBegin(env, pin, pinned);
        if (meta != null) {
          return new ReadTxn(pin, meta);
        }
      }
      String what = "commits outran a reader " + TRIES_MAX + " times";
      throw StorageException.of(Code.IO, env.store(), what);
    } catch (RuntimeException e) {
      pin.close();
      throw env.failure(e);
    } finally {
      pin.exit();
    }
  }

  private static Meta tryBegin(LmdbEnv env, Pin pin, PinnedPages pinned) {
    Txn<NativeBytes> txn = env.beginRead();
    long id = txn.getId();
    Meta meta = null;
    try {
      meta = meta(env, id);
    } finally {
      if (meta == null) {
        env.end(txn);
      }
    }
    if (meta != null) {
      pinned.began(id);
      pin.releaseWith(
          () -> {
            env.end(txn);
            pinned.ended(id);
          });
    }
    return meta;
  }

  /**
   * The meta page that the pinned version was written by, or null when it may be gone: the commit
   * after the next one writes over it, and does not start before the next one has returned.
   */
  private static Meta meta(LmdbEnv env, long id) {
    Meta meta = Meta.inSlotOf(id, env.pages(), env.pageSizeBytes());
    VarHandle.loadLoadFence();
    return meta.txnId() == id && env.committedTxnId() <= id ? meta : null;
  }
}
