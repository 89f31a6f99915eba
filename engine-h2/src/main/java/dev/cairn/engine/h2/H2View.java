package dev.cairn.engine.h2;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.h2.mvstore.Page;

/** A view of one version: of a live store, of a read-only one, or of an image. */
final class H2View implements ReadView {
  private final Pin pin;
  private final Path path;
  private final Version version;

  /**
   * @param pin holds the version; this view's to close
   */
  H2View(Pin pin, Path path, Version version) {
    this.pin = pin;
    this.path = path;
    this.version = version;
  }

  @Override
  public List<Bucket> buckets() {
    pin.check();
    return List.copyOf(version.buckets());
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    pin.check();
    return new H2Cursor(pin, path, tree(bucket));
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    Objects.requireNonNull(key, "key");
    pin.check();
    TreeCursor tree = tree(bucket);
    boolean found = inside(() -> tree.seek(key) && Arrays.equals(tree.key(), key));
    return found ? tree.value().clone() : null;
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    pin.check();
    TreeCursor tree = tree(bucket);
    return inside(tree::last) ? tree.key().clone() : null;
  }

  private boolean inside(BooleanSupplier move) {
    pin.enter();
    try {
      return H2Errors.reading(path, move::getAsBoolean);
    } finally {
      pin.exit();
    }
  }

  private TreeCursor tree(Bucket bucket) {
    Page<byte[], byte[]> root = version.root(bucket);
    if (root == null) {
      throw StorageException.of(Code.NOT_FOUND, path, "no bucket " + bucket);
    }
    return new TreeCursor(path, root);
  }

  @Override
  public void close() {
    pin.close();
  }
}
