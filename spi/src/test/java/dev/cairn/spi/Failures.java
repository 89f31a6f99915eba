package dev.cairn.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException.Code;
import org.junit.jupiter.api.function.Executable;

/** Expected failures. */
final class Failures {
  private Failures() {}

  static StorageException assertCode(Code code, Executable call, String... named) {
    StorageException thrown = assertThrows(StorageException.class, call);
    assertEquals(code, thrown.code());
    assertEquals(1, thrown.getMessage().lines().count());
    for (String part : named) {
      assertTrue(thrown.getMessage().contains(part), thrown::getMessage);
    }
    return thrown;
  }
}
