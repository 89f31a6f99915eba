package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.BackendConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kills find an engine that tells of commits before they are done. */
class KillNineCatchesBugsTest {
  @TempDir private Path directory;

  @Test
  void aCommitThatIsDoneLate() {
    KillCycles cycles =
        new KillCycles(
            new Bugs.CommitsLate(), BackendConfig.defaults(), directory.resolve("db"), 1);
    AssertionError caught = assertThrows(AssertionError.class, () -> cycles.run(10));
    assertTrue(caught.getMessage().contains("was acknowledged"), caught::getMessage);
  }
}
