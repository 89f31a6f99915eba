package dev.cairn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import org.junit.jupiter.api.function.Executable;

/** What a test asks of a failure. */
final class Failures {
  private Failures() {}

  static StorageException assertCode(Code code, Executable call) {
    StorageException thrown = assertThrows(StorageException.class, call);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  /** One line that starts with the file. */
  static void assertNames(Path file, StorageException thrown) {
    assertTrue(thrown.getMessage().startsWith(file + ": "), thrown.getMessage());
    assertEquals(1, thrown.getMessage().lines().count());
    assertEquals(file, thrown.file().orElseThrow());
  }
}
