package dev.cairn.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.cairn.spi.StorageException.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StorageExceptionTest {
  private static final Path FILE = Path.of("dir", "db");

  @Test
  void theListIsClosedAndEveryCodeHasItsExit() {
    String codes =
        Stream.of(Code.values())
            .map(code -> code.text() + " " + code.exitCode())
            .collect(Collectors.joining(", "));
    assertEquals(
        "corrupt 3, hash-mismatch 3, not-found 4, exists 5, locked 6, expired 6, unavailable 6,"
            + " full 7, limit 1, unsupported 1, read-only 1, closed 1, io 1",
        codes);
  }

  @Test
  void aFailureWithoutAFile() {
    StorageException e = StorageException.of(Code.LIMIT, "too much; send less");
    assertEquals(Code.LIMIT, e.code());
    assertEquals("too much; send less", e.getMessage());
    assertEquals(Optional.empty(), e.file());
    assertEquals(OptionalLong.empty(), e.offsetBytes());
  }

  @Test
  void aFailureOfAFileNamesItFirst() {
    IOException cause = new IOException("beneath");
    StorageException e = StorageException.of(Code.IO, FILE, "cannot be read", cause);
    assertEquals(FILE + ": cannot be read", e.getMessage());
    assertEquals(Optional.of(FILE), e.file());
    assertEquals(OptionalLong.empty(), e.offsetBytes());
    assertSame(cause, e.getCause());
    assertEquals(
        FILE + ": is locked", StorageException.of(Code.LOCKED, FILE, "is locked").getMessage());
  }

  @Test
  void damageHasAPlace() {
    StorageException e = StorageException.corrupt(FILE, 0, "no magic");
    assertEquals(Code.CORRUPT, e.code());
    assertEquals(FILE + ": no magic (at byte 0)", e.getMessage());
    assertEquals(OptionalLong.of(0), e.offsetBytes());
    assertEquals(Optional.of(FILE), e.file());
  }

  @Test
  void itSurvivesSerialisationWithoutTheFile() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(StorageException.corrupt(FILE, 7, "torn"));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      StorageException read = (StorageException) in.readObject();
      assertEquals(Code.CORRUPT, read.code());
      assertEquals(OptionalLong.of(7), read.offsetBytes());
      assertEquals(Optional.empty(), read.file());
    }
  }
}
