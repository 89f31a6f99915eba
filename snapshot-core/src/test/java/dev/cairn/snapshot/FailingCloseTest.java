package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.HeapEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A close that fails after the work is done is no failure of the work. */
class FailingCloseTest {
  @TempDir Path directory;
  private int failedCloses;

  /** An object that hands on every call, and what it returns likewise, until it is closed. */
  private <T> T failing(Class<T> type, T object) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object result = invoke(object, method, arguments);
              if (type == Snapshot.class && method.getName().equals("close")) {
                failedCloses++;
                throw StorageException.of(StorageException.Code.IO, "cannot be closed");
              }
              if (result instanceof Backend backend) {
                return failing(Backend.class, backend);
              }
              return result instanceof Snapshot image ? failing(Snapshot.class, image) : result;
            });
    return type.cast(proxy);
  }

  private static Object invoke(Object object, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(object, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Test
  void aSaveStaysGood() {
    Engine engine = failing(Engine.class, new HeapEngine());
    Path file = directory.resolve("store");
    Bucket bucket = Bucket.named("a");
    try (Backend backend = new HeapEngine().open(file, BackendConfig.defaults())) {
      backend.commit(
          Batch.builder().createBucket(bucket).put(bucket, new byte[1], new byte[2]).build());
    }
    try (Store store = Store.open(file, StoreConfig.existing().withEngine(engine))) {
      SnapshotFile saved = Snapshots.save(store, directory.resolve("saved"));
      saved.verify();
      assertEquals(1, saved.check().entries());
    }
    assertEquals(1, failedCloses);
  }
}
