package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.USERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** One opener at a time, whoever the other one is and by whatever name it comes. */
interface LockRules extends ContractCase {
  private void assertLocked(Path path) {
    assertCode(() -> bench().open(path, bench().config()), Code.LOCKED);
    assertCode(
        () -> bench().open(path, bench().config().withAccess(Access.READ_WRITE)), Code.LOCKED);
  }

  @Test
  default void aSecondOpenerInThisProcessIsRefused() {
    Backend first = bench().open();
    first.commit(Data.put(USERS, "k", "v"));
    Model expected = content(first);
    assertLocked(bench().store());
    assertLocked(bench().directory().resolve(".").resolve("db"));
    assertSame(expected, content(first));
    first.commit(Data.put(USERS, "k2", "v"));
    first.close();
    bench().open();
    assertLocked(bench().store());
  }

  @Test
  default void aSecondOpenerThroughASymbolicLinkIsRefused() throws IOException {
    Backend first = bench().open();
    first.commit(Data.put(USERS, "k", "v"));
    Path link = bench().directory().resolve("link");
    Files.createSymbolicLink(link, bench().store());
    assertLocked(link);
    first.commit(Data.put(USERS, "k2", "v"));
    assertEquals(2, content(first).buckets().get(USERS).size());
  }

  /** A lock may vanish with any descriptor of the file, so the first opener uses and tries all. */
  @Test
  default void anotherProcessIsRefusedWhateverThisOneDid() throws Exception {
    Backend first = bench().open();
    first.commit(Data.fill(USERS, 100, 100, 1));
    assertLocked(bench().store());
    content(first);
    try (Snapshot snapshot = first.snapshot()) {
      snapshot.writeTo(new Sinks.Memory());
    }
    bench().engine().recognizes(Heads.of(new byte[4_096]));
    assertEquals("locked", ContractChild.openElsewhere(bench(), bench().store()));
    first.commit(Data.put(USERS, "k", "v"));
    first.close();
    assertTrue(ContractChild.opened(ContractChild.openElsewhere(bench(), bench().store())));
    assertEquals(101, content(bench().open()).buckets().get(USERS).size());
  }

  @Test
  default void anotherProcessesStoreIsRefusedUntilThatDies() throws InterruptedException {
    bench().open().close();
    try (ChildJvm child = ContractChild.start(bench(), bench().store())) {
      assertTrue(ContractChild.opened(child.readLine()));
      assertLocked(bench().store());
      child.kill();
    }
    bench().open().commit(Data.put(USERS, "k", "v"));
  }
}
