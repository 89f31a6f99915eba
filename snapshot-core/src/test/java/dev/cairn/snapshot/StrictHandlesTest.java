package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.EtcdLoad;
import dev.cairn.etcd.EtcdStatus;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.StrictEngine;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing of an engine stays open, whatever way a piece of work ends, and no dead buffer is read.
 */
class StrictHandlesTest {
  @TempDir Path directory;

  static Stream<Engine> engines() {
    return Stream.of(new HeapEngine(), new LmdbEngine());
  }

  private Path store(StrictEngine engine) {
    Path file = directory.resolve("store");
    StoreConfig config =
        StoreConfig.existing().withBackend(BackendConfig.defaults()).withEngine(engine);
    try (Store store = Store.open(file, config)) {
      new EtcdLoad(2_000, 50, 1).into(store, written -> {});
    }
    engine.assertNothingOpen();
    return file;
  }

  private static SnapshotFile inspect(Path file, Engine engine) {
    return SnapshotFile.inspect(LocalDisk.INSTANCE, file, engine);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyWayThrough(Engine engine) {
    StrictEngine strict = new StrictEngine(engine);
    SnapshotFile source = inspect(store(strict), strict);
    assertTrue(source.check().ok());
    strict.assertNothingOpen();

    Path image = directory.resolve("image");
    Convert.convert(source, image, StoreFormat.etcd(), ConvertOptions.defaults());
    strict.assertNothingOpen();
    SnapshotFile etcd = SnapshotFile.inspect(image);
    assertSameFigures(source, etcd);

    Path copy = directory.resolve("copy");
    Convert.convert(etcd, copy, StoreFormat.engine(strict), ConvertOptions.defaults());
    strict.assertNothingOpen();

    SnapshotFile saved = inspect(save(strict, copy), strict);
    StoreFormat again = StoreFormat.engine(strict);
    Restore.restore(RestoreRequest.of(saved, directory.resolve("data"), again));
    strict.assertNothingOpen();
    assertSameFigures(saved, etcd);
    strict.assertNothingOpen();
  }

  private Path save(StrictEngine engine, Path file) {
    Path target = directory.resolve("saved");
    try (Store store = Store.open(file, StoreConfig.existing().withEngine(engine))) {
      Snapshots.save(store, target);
    }
    engine.assertNothingOpen();
    return target;
  }

  private static void assertSameFigures(SnapshotFile one, SnapshotFile other) {
    try (ReadView a = one.openView();
        ReadView b = other.openView()) {
      assertEquals(EtcdStatus.of(a), EtcdStatus.of(b));
      assertEquals(EtcdHash.maintenance(a), EtcdHash.maintenance(b));
      assertEquals(EtcdHash.hashKv(a, 0), EtcdHash.hashKv(b, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyWayThatEndsInAFailure(Engine engine) {
    StrictEngine strict = new StrictEngine(engine);
    SnapshotFile source = inspect(store(strict), strict);
    IllegalStateException stop = new IllegalStateException("stop");
    Progress failing =
        (done, total) -> {
          throw stop;
        };
    StoreFormat target = StoreFormat.engine(strict);
    RestoreRequest request =
        RestoreRequest.of(source, directory.resolve("data"), target)
            .withoutHashCheck()
            .withProgress(failing);
    assertThrows(IllegalStateException.class, () -> Restore.restore(request));
    strict.assertNothingOpen();
    Path to = directory.resolve("to");
    ConvertOptions options = ConvertOptions.defaults().withProgress(failing);
    assertThrows(IllegalStateException.class, () -> Convert.convert(source, to, target, options));
    strict.assertNothingOpen();
    RestoreRequest hashless = RestoreRequest.of(source, directory.resolve("data"), target);
    assertThrows(StorageException.class, () -> Restore.restore(hashless));
    strict.assertNothingOpen();
    try (Snapshot image = EtcdImages.of(source.openView())) {
      SaveOptions save = SaveOptions.defaults().withProgress(failing);
      assertThrows(IllegalStateException.class, () -> Snapshots.save(image, to, save));
    }
    strict.assertNothingOpen();
    for (String left : Trees.of(directory).keySet()) {
      assertTrue(left.isEmpty() || left.startsWith("store"), left);
    }
  }
}
