package dev.cairn.snapshot.grpc;

import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Announces more than it writes. */
record ShortImage(FakeImage image, long size) implements Snapshot {
  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    image.writeTo(out);
  }

  @Override
  public void close() {
    image.close();
  }
}
