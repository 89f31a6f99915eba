package dev.cairn.testkit;

import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** A snapshot whose chunks are overwritten once the sink has had them. */
final class StrictSnapshot implements Snapshot {
  private final Snapshot snapshot;
  private final Handles handles;
  private final Handles.Handle handle;

  StrictSnapshot(Snapshot snapshot, Handles handles, Handles.Handle handle) {
    this.snapshot = snapshot;
    this.handles = handles;
    this.handle = handle;
  }

  @Override
  public long size() {
    return snapshot.size();
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    snapshot.writeTo(Sinks.of(chunk -> passOn(chunk, out)));
  }

  private static void passOn(ByteBuffer chunk, WritableByteChannel out) throws IOException {
    byte[] bytes = Model.copy(chunk);
    ByteBuffer lent = ByteBuffer.wrap(bytes);
    try {
      out.write(lent);
    } finally {
      Arrays.fill(bytes, StrictCursor.SCRAMBLE);
    }
    if (lent.hasRemaining()) {
      throw new AssertionError("the sink took a chunk in part: " + lent.remaining() + " left");
    }
  }

  @Override
  public void close() {
    snapshot.close();
    handles.closed(handle);
  }
}
