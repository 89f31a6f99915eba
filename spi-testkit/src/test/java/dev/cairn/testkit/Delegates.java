package dev.cairn.testkit;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engine;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/** The SPI passed on call by call, for engines that do one thing wrong. */
final class Delegates {
  private Delegates() {}

  /** Passes on to the reference engine. */
  static class OfEngine implements Engine {
    final Engine engine = new HeapEngine();

    @Override
    public EngineInfo info() {
      return engine.info();
    }

    @Override
    public boolean recognizes(HeadReader head) {
      return engine.recognizes(head);
    }

    @Override
    public Backend open(Path store, BackendConfig config) {
      return engine.open(store, config);
    }

    @Override
    public ReadView openImage(Path image, long imageSizeBytes) {
      return engine.openImage(image, imageSizeBytes);
    }

    @Override
    public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
      engine.install(image, imageSizeBytes, store);
    }

    @Override
    public List<Path> files(Path store) {
      return engine.files(store);
    }
  }

  /** Passes on to a backend. */
  static class OfBackend implements Backend {
    final Backend backend;

    OfBackend(Backend backend) {
      this.backend = backend;
    }

    @Override
    public void commit(Batch batch) {
      backend.commit(batch);
    }

    @Override
    public void sync() {
      backend.sync();
    }

    @Override
    public ReadView openView() {
      return backend.openView();
    }

    @Override
    public Snapshot snapshot() {
      return backend.snapshot();
    }

    @Override
    public BackendStats stats() {
      return backend.stats();
    }

    @Override
    public void close() {
      backend.close();
    }
  }

  /** Passes on to a view. */
  static class OfView implements ReadView {
    final ReadView view;

    OfView(ReadView view) {
      this.view = view;
    }

    @Override
    public List<Bucket> buckets() {
      return view.buckets();
    }

    @Override
    public Cursor openCursor(Bucket bucket) {
      return view.openCursor(bucket);
    }

    @Override
    public byte[] get(Bucket bucket, byte[] key) {
      return view.get(bucket, key);
    }

    @Override
    public byte[] lastKey(Bucket bucket) {
      return view.lastKey(bucket);
    }

    @Override
    public void close() {
      view.close();
    }
  }

  /** Passes on to a cursor. */
  static class OfCursor implements Cursor {
    final Cursor cursor;

    OfCursor(Cursor cursor) {
      this.cursor = cursor;
    }

    @Override
    public boolean seek(byte[] key) {
      return cursor.seek(key);
    }

    @Override
    public boolean next() {
      return cursor.next();
    }

    @Override
    public ByteBuffer key() {
      return cursor.key();
    }

    @Override
    public ByteBuffer value() {
      return cursor.value();
    }

    @Override
    public void close() {
      cursor.close();
    }
  }

  /** Passes on to a snapshot. */
  static class OfSnapshot implements Snapshot {
    final Snapshot snapshot;

    OfSnapshot(Snapshot snapshot) {
      this.snapshot = snapshot;
    }

    @Override
    public long size() {
      return snapshot.size();
    }

    @Override
    public void writeTo(WritableByteChannel out) throws IOException {
      snapshot.writeTo(out);
    }

    @Override
    public void close() {
      snapshot.close();
    }
  }
}
