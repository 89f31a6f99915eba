package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.EtcdApplied;
import dev.cairn.etcd.EtcdLoad;
import dev.cairn.snapshot.Convert;
import dev.cairn.snapshot.ConvertOptions;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engines;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Stores to be served. */
final class TestStores {
  static final long SEED = 20_261_121;

  private TestStores() {}

  static Store empty(String engine, Path directory) {
    return Store.open(
        directory.resolve(engine + ".db"),
        StoreConfig.engine(engine).withAppliedCodec(new EtcdApplied()));
  }

  /** With a load of etcd's schema. */
  static Store loaded(String engine, Path directory, long keys, int valueBytes) {
    Store store = empty(engine, directory);
    new EtcdLoad(keys, valueBytes, SEED).into(store, done -> {});
    return store;
  }

  /** With what a real etcd wrote. */
  static Store ofFixture(String fixture, String engine, Path directory) {
    Path snapshot = fixture(fixture, directory);
    Path file = directory.resolve(fixture + "-" + engine + ".db");
    Convert.convert(snapshot, file, Engines.named(engine), ConvertOptions.defaults());
    return Store.open(file, StoreConfig.existing().withAppliedCodec(new EtcdApplied()));
  }

  /** A store that is there, and takes no updates. */
  static Store forReading(Path file) {
    BackendConfig reading = BackendConfig.defaults().withAccess(BackendConfig.Access.READ_ONLY);
    return Store.open(
        file, StoreConfig.existing().withBackend(reading).withAppliedCodec(new EtcdApplied()));
  }

  /** A snapshot file that a real etcdctl saved: {@code tiny} or {@code rich}. */
  static Path fixture(String fixture, Path directory) {
    Path file = directory.resolve(fixture + "-fixture.db");
    try (InputStream plain = TestStores.class.getResourceAsStream("/etcd/" + fixture + ".db")) {
      if (plain != null) {
        Files.copy(plain, file);
        return file;
      }
      String name = "/etcd/" + fixture + ".db.gz";
      try (InputStream packed = new GZIPInputStream(TestStores.class.getResourceAsStream(name))) {
        Files.copy(packed, file);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
