package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.engine.support.Pins;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A map that the system does not give: LMDB is left without any, and nobody may touch it. */
class LostMapTest {
  @TempDir Path directory;

  @Test
  void whenTheMapCannotGrowNobodyTouchesIt() throws Exception {
    List<String> told = Child.run(List.of(), GrowTooFar.class, directory.toString());
    assertEquals(List.of("grow: io", "read: io", "begin: io", "closed"), told);
  }

  /** Doubles the map until there is no more address space; in a JVM that may die of it. */
  static final class GrowTooFar {
    private GrowTooFar() {}

    public static void main(String[] arguments) {
      Path store = Path.of(arguments[0], "db");
      try (Backend backend = new LmdbEngine().open(store, CONFIG)) {
        backend.commit(puts(new SplittableRandom(1), USERS, 100, 100));
      }
      LmdbOptions options = new LmdbOptions(1 << 20, Long.MAX_VALUE / 4, 8);
      try (DiskFile file = LocalDisk.INSTANCE.open(store, Disk.Mode.READ)) {
        LmdbEnv env =
            LmdbEnv.open(file, options, Durability.SYNC, EmptyStore.PAGE_BYTES, EmptyStore.SLOTS);
        Pins pins = new Pins(store, CONFIG);
        ReadTxn txn = ReadTxn.begin(env, pins, new PinnedPages());
        ReadView view = new VersionView(txn.pin(), new Version(env.pages(), txn.meta()));
        tell("grow", () -> growWithoutEnd(env));
        tell("read", view::buckets);
        tell("begin", () -> ReadTxn.begin(env, pins, new PinnedPages()));
        view.close();
        env.close();
        System.out.println("closed");
      }
    }

    private static void growWithoutEnd(LmdbEnv env) {
      try {
        while (env.grow()) {
          Thread.onSpinWait();
        }
      } catch (org.lmdbjava.LmdbException e) {
        throw env.failure(e);
      }
    }

    private static void tell(String what, Runnable action) {
      try {
        action.run();
        System.out.println(what + ": works");
      } catch (StorageException e) {
        System.out.println(what + ": " + e.code().text());
      }
    }
  }
}
