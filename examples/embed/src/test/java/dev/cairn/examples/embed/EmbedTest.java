package dev.cairn.examples.embed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedTest {
  @TempDir Path directory;

  @Test
  void theStoreAndItsBackupHoldTheSame() {
    String printed = run();
    assertTrue(printed.startsWith("ada was born in 1815\nSHA-256 "), printed);
    SnapshotFile backup = SnapshotFile.inspect(directory.resolve("backup.db"));
    backup.verify();
    assertEquals(printed.lines().skip(1).findFirst(), backup.sha256Hex().map("SHA-256 "::concat));
    try (Store store = Store.open(directory.resolve("data.db"), StoreConfig.existing());
        ReadView copy = backup.openView()) {
      assertEquals(store.hash(), ContentHash.v1(copy));
      byte[] year = copy.get(Bucket.named("users"), "ada".getBytes(UTF_8));
      assertArrayEquals("1815".getBytes(UTF_8), year);
    }
  }

  @Test
  void aSecondRunReplacesTheBackup() {
    run();
    run();
    SnapshotFile.inspect(directory.resolve("backup.db")).verify();
  }

  private String run() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stdout = System.out;
    System.setOut(new PrintStream(bytes, true, UTF_8));
    try {
      Embed.main(new String[] {directory.toString()});
    } finally {
      System.setOut(stdout);
    }
    return bytes.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }
}
