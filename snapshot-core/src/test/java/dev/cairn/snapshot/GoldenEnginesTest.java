package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.testkit.GoldenContent;
import dev.cairn.testkit.GoldenContents;
import dev.cairn.testkit.HeapEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same content gives the same image on every engine, whatever the store has been through. */
class GoldenEnginesTest {
  private static final Bucket PASSING = Bucket.named("\uffffpassing");

  @TempDir Path directory;

  static Stream<GoldenContent> edges() {
    return GoldenContents.edges().stream();
  }

  private static List<Engine> engines() {
    return List.of(new HeapEngine(), new LmdbEngine());
  }

  @ParameterizedTest
  @MethodSource("edges")
  void everyEngineGivesTheGoldenImage(GoldenContent content) throws IOException {
    for (Engine engine : engines()) {
      Path file = directory.resolve(engine.info().name());
      try (Backend backend = engine.open(file, BackendConfig.defaults())) {
        content.source().forEach(backend::commit);
        assertGolden(content, backend);
        String hash = contentHash(backend);
        passThrough(backend);
        content.source().forEach(backend::commit);
        assertEquals(hash, contentHash(backend));
        assertGolden(content, backend);
      }
    }
  }

  /** A history that leaves nothing but its traces in the file. */
  private static void passThrough(Backend backend) {
    Batch.Builder batch = Batch.builder().createBucket(PASSING);
    for (int i = 0; i < 2_000; i++) {
      batch.put(PASSING, new byte[] {(byte) i, (byte) (i >> 8)}, new byte[100]);
    }
    backend.commit(batch.build());
    backend.commit(Batch.builder().deleteBucket(PASSING).build());
  }

  private static String contentHash(Backend backend) {
    try (ReadView view = backend.openView()) {
      return ContentHash.v1(view);
    }
  }

  private static void assertGolden(GoldenContent content, Backend backend) throws IOException {
    try (Snapshot image = EtcdImages.of(backend.openView())) {
      Received written = written(image);
      assertEquals(content.imageSizeBytes(), written.imageBytes());
      assertEquals(content.imageSha256(), written.sha256Hex());
    }
  }

  private static Received written(Snapshot image) throws IOException {
    HashingChannel out = new HashingChannel(new Nowhere(), image.size(), Progress.NONE);
    image.writeTo(out);
    return out.received();
  }

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void etcdsFilesGiveTheirGoldenImages(Fixture fixture) throws IOException {
    SnapshotFile file = SnapshotFile.inspect(fixture.in(directory));
    try (Snapshot image = EtcdImages.of(file.openView())) {
      assertEquals(GoldenContents.sha256(fixture.golden), written(image).sha256Hex());
    }
  }

  /** Takes everything and keeps nothing. */
  private static final class Nowhere implements WritableByteChannel {
    @Override
    public int write(ByteBuffer from) {
      int count = from.remaining();
      from.position(from.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
