package dev.cairn.snapshot.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.etcd.EtcdApplied;
import dev.cairn.snapshot.Convert;
import dev.cairn.snapshot.ConvertOptions;
import dev.cairn.spi.Engines;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.store.StoreListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** What a real etcd wrote and answered. */
final class Fixtures {
  private static final int HASH_BYTES = 32;

  private Fixtures() {}

  /** A store of the engine with the content of a snapshot: {@code tiny} or {@code rich}. */
  static Store store(String fixture, String engine, Path directory, StoreListener listener)
      throws IOException {
    Path snapshot = Files.write(directory.resolve(fixture + "-saved.db"), snapshot(fixture));
    Path file = directory.resolve(fixture + "-" + engine + ".db");
    Convert.convert(snapshot, file, Engines.named(engine), ConvertOptions.defaults());
    return Store.open(
        file, StoreConfig.existing().withAppliedCodec(new EtcdApplied()).withListener(listener));
  }

  /** The very pages that etcd wrote, opened as a bbolt store. */
  static Store pages(String fixture, Path directory) throws IOException {
    byte[] saved = snapshot(fixture);
    Path file = directory.resolve(fixture + "-pages.db");
    Files.write(file, Arrays.copyOf(saved, saved.length - HASH_BYTES));
    return Store.open(file, StoreConfig.engine("bbolt").withAppliedCodec(new EtcdApplied()));
  }

  static byte[] snapshot(String fixture) throws IOException {
    try (InputStream plain = Fixtures.class.getResourceAsStream("/etcd/" + fixture + ".db")) {
      if (plain != null) {
        return plain.readAllBytes();
      }
    }
    String name = "/etcd/" + fixture + ".db.gz";
    try (InputStream packed = new GZIPInputStream(Fixtures.class.getResourceAsStream(name))) {
      return packed.readAllBytes();
    }
  }

  static String text(String name) throws IOException {
    try (InputStream in = Fixtures.class.getResourceAsStream("/etcd/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
