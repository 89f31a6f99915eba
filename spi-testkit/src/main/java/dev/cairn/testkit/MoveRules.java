package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.OTHER;
import static dev.cairn.testkit.Data.USERS;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What those rely on who replace and restore stores, and know only {@code Engine.files}. */
interface MoveRules extends ContractCase {
  private Model changeALot(Backend backend) {
    for (int i = 0; i < 5; i++) {
      backend.commit(Data.fill(USERS, 50 + i, 1_000, i * 100L));
      backend.commit(Data.put(OTHER, "k" + i, "v"));
    }
    return content(backend);
  }

  @Test
  default void aClosedStoreIsItsMainFileAlone() {
    for (Access access : List.of(Access.READ_ONLY, Access.READ_WRITE)) {
      Path store = bench().directory().resolve("moved-" + access);
      Backend backend = bench().open(store, bench().config());
      Model expected = changeALot(backend);
      backend.close();
      for (Path each : bench().engine().files(store)) {
        if (!each.equals(store)) {
          LocalDisk.INSTANCE.delete(each);
        }
      }
      assertSame(expected, content(bench().open(store, bench().config().withAccess(access))));
    }
  }

  /** Sidecars first, the main file last, all of them plain files. */
  private void moveAside(Path store, Path aside) {
    Disk disk = LocalDisk.INSTANCE;
    String name = store.getFileName().toString();
    for (Path each : bench().engine().files(store)) {
      if (disk.exists(each)) {
        String suffix = each.getFileName().toString().substring(name.length());
        disk.rename(each, aside.resolveSibling(aside.getFileName() + suffix));
      }
    }
  }

  @Test
  default void anOpenStoreIsMovedAsideAndAnotherTakesItsName() throws IOException {
    Backend old = bench().open();
    Model before = changeALot(old);
    ReadView view = bench().closeAtEnd(old.openView());
    Snapshot snapshot = bench().closeAtEnd(old.snapshot());
    moveAside(bench().store(), bench().directory().resolve("db.old.1"));

    Backend next = bench().open();
    next.commit(Data.fill(OTHER, 70, 1_000, 7_000));
    Model after = content(next);
    assertSame(before, Model.of(view));
    assertSame(before, content(old));
    Sinks.Memory image = new Sinks.Memory();
    snapshot.writeTo(image);
    Path file = bench().write("image", image.toByteArray());
    try (ReadView copy = bench().openImage(file)) {
      assertSame(before, Model.of(copy));
    }
    old.close();
    assertSame(after, content(next));
    assertCode(() -> bench().open(), Code.LOCKED);
    next.commit(Data.put(USERS, "still", "here"));
    after = content(next);
    next.close();
    assertSame(after, content(bench().open()));
  }
}
