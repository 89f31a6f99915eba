package dev.cairn.testkit;

import dev.cairn.spi.Cursor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A cursor whose buffers are copies that do not outlive the entry they were of. */
final class StrictCursor implements Cursor {
  static final byte SCRAMBLE = (byte) 0xdb;

  private final Cursor cursor;
  private final Turn turn;
  private final Handles handles;
  private final Handles.Handle handle;
  private byte[] key;
  private byte[] value;

  StrictCursor(Cursor cursor, Turn turn, Handles handles, Handles.Handle handle) {
    this.cursor = cursor;
    this.turn = turn;
    this.handles = handles;
    this.handle = handle;
  }

  @Override
  public boolean seek(byte[] wanted) {
    return turn.take(
        () -> {
          scramble();
          return cursor.seek(wanted);
        });
  }

  @Override
  public boolean next() {
    return turn.take(
        () -> {
          scramble();
          return cursor.next();
        });
  }

  @Override
  public ByteBuffer key() {
    return turn.take(
        () -> {
          ByteBuffer current = cursor.key();
          if (key == null) {
            key = Model.copy(current);
          }
          return ByteBuffer.wrap(key).asReadOnlyBuffer();
        });
  }

  @Override
  public ByteBuffer value() {
    return turn.take(
        () -> {
          ByteBuffer current = cursor.value();
          if (value == null) {
            value = Model.copy(current);
          }
          return ByteBuffer.wrap(value).asReadOnlyBuffer();
        });
  }

  private synchronized void scramble() {
    if (key != null) {
      Arrays.fill(key, SCRAMBLE);
      key = null;
    }
    if (value != null) {
      Arrays.fill(value, SCRAMBLE);
      value = null;
    }
  }

  @Override
  public void close() {
    cursor.close();
    scramble();
    handles.closed(handle);
  }
}
