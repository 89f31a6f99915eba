package dev.cairn.gate;

import dev.cairn.snapshot.Convert;
import dev.cairn.snapshot.ConvertOptions;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.testkit.GoldenContent;
import dev.cairn.testkit.GoldenContents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** Contents whose etcd image is known: the edge set, and what etcd itself wrote. */
final class PairContents {
  /** One content, and how a store of any engine gets it. */
  record Known(String name, String imageSha256, Maker maker) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Makes a closed store. */
  @FunctionalInterface
  interface Maker {
    void make(Engine engine, Path store) throws IOException;
  }

  private static final Map<String, String> FIXTURES =
      new TreeMap<>(
          Map.of(
              "tiny.db", "etcd/tiny-snapshot.db",
              "rich.db.gz", "etcd/rich-snapshot.db",
              "wal.db.gz", "etcd/wal.db",
              "walcut.db", "etcd/walcut.db"));

  private PairContents() {}

  static List<Known> edges() {
    return GoldenContents.edges().stream().map(PairContents::edge).toList();
  }

  private static Known edge(GoldenContent content) {
    return new Known(
        content.name(),
        content.imageSha256(),
        (engine, store) -> {
          try (Backend backend = engine.open(store, BackendConfig.defaults())) {
            content.source().forEach(backend::commit);
          }
        });
  }

  static List<Known> etcdFiles() {
    List<Known> known = new ArrayList<>();
    FIXTURES.forEach((file, golden) -> known.add(etcdFile(file, golden)));
    return known;
  }

  private static Known etcdFile(String file, String golden) {
    return new Known(
        golden,
        GoldenContents.sha256(golden),
        (engine, store) -> {
          Path fixture = store.resolveSibling(store.getFileName() + ".fixture");
          Files.write(fixture, bytes(file));
          Convert.convert(fixture, store, engine, ConvertOptions.defaults());
          Files.delete(fixture);
        });
  }

  private static byte[] bytes(String name) {
    Path file =
        Processes.checkout().resolve("snapshot-core/src/test/resources/fixtures").resolve(name);
    try (InputStream in = Files.newInputStream(file);
        InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in) {
      return plain.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
