package dev.cairn.store;

import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.HeapEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the tests of this module share. */
final class Stores {
  static final Bucket USERS = Bucket.named("users");

  private Stores() {}

  /** The engines that every test with a real disk runs on. */
  static Stream<Engine> engines() {
    return Stream.of(new HeapEngine(), new LmdbEngine());
  }

  static Engine engine(String name) {
    return engines().filter(each -> each.info().name().equals(name)).findFirst().orElseThrow();
  }

  /** Made where absent, by this very engine. */
  static StoreConfig config(Engine engine) {
    return StoreConfig.existing().withEngine(engine).withBackend(BackendConfig.defaults());
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static void put(Store store, String key, String value) {
    store.update(
        tx -> {
          tx.createBucket(USERS);
          tx.put(USERS, utf8(key), utf8(value));
        });
  }

  static String get(Store store, String key) {
    return store.view(view -> text(view.get(USERS, utf8(key))));
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** All that a view sees, as texts by bucket and key. */
  static Map<String, Map<String, String>> content(ReadView view) {
    Map<String, Map<String, String>> all = new TreeMap<>();
    for (Bucket bucket : view.buckets()) {
      Map<String, String> entries = new TreeMap<>();
      try (Cursor cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          entries.put(text(bytes(cursor.key())), text(bytes(cursor.value())));
        }
      }
      all.put(bucket.toString(), entries);
    }
    return all;
  }

  /** Keeps the applied position in a bucket of its own. */
  static final class MetaCodec implements AppliedCodec {
    static final Bucket META = Bucket.named("meta");
    private static final byte[] KEY = utf8("applied");

    @Override
    public void write(StoreTx tx, Applied applied) {
      tx.createBucket(META);
      byte[] value =
          ByteBuffer.allocate(16).putLong(applied.index()).putLong(applied.term()).array();
      tx.put(META, KEY, value);
    }

    @Override
    public Applied read(ReadView view) {
      byte[] value = view.buckets().contains(META) ? view.get(META, KEY) : null;
      if (value == null) {
        return Applied.NONE;
      }
      ByteBuffer fields = ByteBuffer.wrap(value);
      return new Applied(fields.getLong(), fields.getLong());
    }
  }
}
