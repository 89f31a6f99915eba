package dev.cairn.testkit;

import dev.cairn.engine.support.Pin;
import dev.cairn.engine.support.Pins;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A version and the pin that holds it. Nothing is freed under a call, so a look is enough. */
final class HeapView implements ReadView {
  private final Pin pin;
  private final HeapVersion version;

  HeapView(Pin pin, HeapVersion version) {
    this.pin = pin;
    this.version = version;
  }

  /** A view that belongs to no backend. */
  static HeapView ofImage(Path image, HeapVersion version) {
    Pin pin = new Pins(image, BackendConfig.defaults()).begin();
    try {
      return new HeapView(pin, version);
    } finally {
      pin.exit();
    }
  }

  @Override
  public List<Bucket> buckets() {
    pin.check();
    return List.copyOf(version.buckets().keySet());
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    return new HeapCursor(pin, entries(bucket).walk());
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    byte[] value = entries(bucket).get(Objects.requireNonNull(key, "key"));
    return value == null ? null : value.clone();
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    byte[] key = entries(bucket).lastKey();
    return key == null ? null : key.clone();
  }

  private SortedBytes entries(Bucket bucket) {
    pin.check();
    SortedBytes entries = version.buckets().get(bucket);
    if (entries == null) {
      throw StorageException.of(Code.NOT_FOUND, "no bucket " + bucket);
    }
    return entries;
  }

  @Override
  public void close() {
    pin.close();
  }
}
