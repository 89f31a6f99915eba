package com.example.cairn.shelf;

import dev.cairn.engine.support.Pin;
import dev.cairn.engine.support.Pins;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** A version and the pin that keeps its files open. Every call is inside the pin. */
final class ShelfView implements ReadView {
  private final Pin pin;
  private final Version version;

  ShelfView(Pin pin, Version version) {
    this.pin = pin;
    this.version = version;
  }

  /** A view that belongs to no backend, and closes its file. */
  static ShelfView ofImage(Path image, Version version) {
    Pin pin = new Pins(image, BackendConfig.defaults()).begin();
    try {
      pin.releaseWith(() -> version.files().values().forEach(ShelfFile::close));
      return new ShelfView(pin, version);
    } finally {
      pin.exit();
    }
  }

  private <T> T inside(Supplier<T> call) {
    pin.enter();
    try {
      return call.get();
    } finally {
      pin.exit();
    }
  }

  @Override
  public List<Bucket> buckets() {
    return inside(() -> List.copyOf(version.places().keySet()));
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    Objects.requireNonNull(bucket, "bucket");
    return inside(() -> new ShelfCursor(pin, new Walk(version.section(bucket))));
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    Objects.requireNonNull(bucket, "bucket");
    Objects.requireNonNull(key, "key");
    return inside(() -> find(version.section(bucket), key));
  }

  private static byte[] find(Section section, byte[] key) {
    long index = section.ceiling(key);
    if (index == section.place().count() || !Arrays.equals(section.key(index), key)) {
      return null;
    }
    return section.entry(index).value();
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    Objects.requireNonNull(bucket, "bucket");
    return inside(
        () -> {
          Section section = version.section(bucket);
          long count = section.place().count();
          return count == 0 ? null : section.key(count - 1);
        });
  }

  @Override
  public void close() {
    pin.close();
  }
}
