package dev.cairn.benchmarks.engines;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.PutFlags;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/**
 * lmdbjava with the flags and the size of map that the engine has. Its buffers are lmdbjava's own
 * over native memory, the fastest it has, reused for every call. What comes behind the last key is
 * appended, as the engine does.
 */
final class RawLmdb implements Contender {
  private static final long MAP_BYTES = 16L << 30;
  private static final int READERS_MAX = 512;
  private static final int KEY_BYTES_MAX = 511;
  private static final int VALUE_BYTES_MAX = 1 << 16;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> database;
  private final ByteBuffer key = ByteBuffer.allocateDirect(KEY_BYTES_MAX);
  private final ByteBuffer value = ByteBuffer.allocateDirect(VALUE_BYTES_MAX);

  RawLmdb(Path file) {
    env =
        Env.create(ByteBufferProxy.PROXY_OPTIMAL)
            .setMapSize(MAP_BYTES)
            .setMaxDbs(1)
            .setMaxReaders(READERS_MAX)
            .open(file.toFile(), 0600, EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOTLS);
    database = env.openDbi("benchmark", DbiFlags.MDB_CREATE);
  }

  @Override
  public void put(byte[][] keys, byte[][] values) {
    try (Txn<ByteBuffer> txn = env.txnWrite()) {
      try (Cursor<ByteBuffer> cursor = database.openCursor(txn)) {
        byte[] last = last(cursor);
        for (int i = 0; i < keys.length; i++) {
          ByteBuffer name = set(key, keys[i]);
          ByteBuffer bytes = set(value, values[i]);
          if (Arrays.compareUnsigned(keys[i], last) > 0) {
            cursor.put(name, bytes, PutFlags.MDB_APPEND);
            last = keys[i];
          } else {
            cursor.put(name, bytes);
          }
        }
      }
      txn.commit();
    }
  }

  private static byte[] last(Cursor<ByteBuffer> cursor) {
    return cursor.seek(SeekOp.MDB_LAST) ? copy(cursor.key()) : new byte[0];
  }

  private static ByteBuffer set(ByteBuffer buffer, byte[] bytes) {
    return buffer.clear().put(bytes).flip();
  }

  private static byte[] copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public View openView() {
    return new TxnView(env.txnRead());
  }

  @Override
  public void close() {
    env.close();
  }

  private final class TxnView implements View {
    private final Txn<ByteBuffer> txn;

    TxnView(Txn<ByteBuffer> txn) {
      this.txn = txn;
    }

    @Override
    public byte[] get(byte[] name) {
      ByteBuffer found = database.get(txn, set(key, name));
      return found == null ? null : copy(found);
    }

    @Override
    public long scan() {
      long sum = 0;
      try (Cursor<ByteBuffer> cursor = database.openCursor(txn)) {
        while (cursor.next()) {
          sum = Sum.add(sum, cursor.key(), cursor.val());
        }
      }
      return sum;
    }

    @Override
    public void close() {
      txn.close();
    }
  }
}
