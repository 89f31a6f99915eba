package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens out of a file that changes. */
class TokenFileTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("tokens");
    write(
        "# who may what\n\nbackup  tape-robot\n  ALL\troot-secret  \r\nbackup other\n",
        "rw-------");
  }

  private void write(String text, String mode) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static Role roleOf(CallerCheck check, String token) {
    return check.roleOf(new Caller(Optional.of(token), Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "tape-robot, BACKUP",
    "other, BACKUP",
    "root-secret, ALL",
    "root-secre, NONE",
    "root-secret2, NONE",
    "'', NONE",
    "backup, NONE",
    "who, NONE"
  })
  void aTokenHasTheRoleOfItsLine(String token, Role role) {
    assertEquals(role, roleOf(TokenFile.open(file), token));
  }

  @Test
  void withoutATokenNobodyIsKnown() {
    Caller nobody = new Caller(Optional.empty(), Optional.empty(), Optional.empty());
    assertEquals(Role.NONE, TokenFile.open(file).roleOf(nobody));
  }

  @Test
  void aChangedFileIsInUseAtTheNextCall() throws IOException {
    TokenFile tokens = TokenFile.open(file);
    for (int round = 0; round < 20; round++) {
      write("all token-%02d\n".formatted(round), "rw-------");
      assertEquals(Role.ALL, roleOf(tokens, "token-%02d".formatted(round)));
      assertEquals(Role.NONE, roleOf(tokens, "token-%02d".formatted(round - 1)));
    }
    write("", "rw-------");
    assertEquals(Role.NONE, roleOf(tokens, "token-19"));
  }

  @Test
  void aFileThatBecomesUselessIsSaidOnceAndTheTokensOfBeforeStay() throws IOException {
    TokenFile tokens = TokenFile.open(file);
    try (WarningLog log = new WarningLog(Reloading.class)) {
      write("all very-secret with more\n", "rw-------");
      assertStays(tokens);
      write("all very-secret\n", "rw-r--r--");
      assertStays(tokens);
      Files.delete(file);
      assertStays(tokens);
      assertEquals(3, log.lines().size(), log.lines().toString());
      assertFalse(log.lines().toString().contains("very-secret"), log.lines().toString());
      write("all very-secret\n", "rw-------");
      assertEquals(Role.ALL, roleOf(tokens, "very-secret"));
      assertEquals(Role.NONE, roleOf(tokens, "root-secret"));
      Files.delete(file);
      assertEquals(Role.ALL, roleOf(tokens, "very-secret"));
      assertEquals(4, log.lines().size(), log.lines().toString());
    }
  }

  private static void assertStays(TokenFile tokens) {
    for (int times = 0; times < 3; times++) {
      assertEquals(Role.ALL, roleOf(tokens, "root-secret"));
      assertEquals(Role.NONE, roleOf(tokens, "very-secret"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret-word", "all", "all a secret-word", "root secret-word", "all,x y"})
  void aWrongLineIsNamedByItsNumber(String line) throws IOException {
    write("# first\n" + line + "\n", "rw-------");
    StorageException e = assertThrows(StorageException.class, () -> TokenFile.open(file));
    assertEquals(Code.CORRUPT, e.code());
    assertTrue(e.getMessage().startsWith(file + ": line 2 "), e.getMessage());
    assertFalse(e.getMessage().contains("secret"), e.getMessage());
  }

  @Test
  void aTokenHasOneRole() throws IOException {
    write("all secret-word\nbackup secret-word\n", "rw-------");
    StorageException e = assertThrows(StorageException.class, () -> TokenFile.open(file));
    assertEquals(Code.CORRUPT, e.code());
    assertFalse(e.getMessage().contains("secret"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwxrwxrwx"})
  void aFileOpenToOthersIsRefused(String mode) throws IOException {
    write("all secret-word\n", mode);
    StorageException e = assertThrows(StorageException.class, () -> TokenFile.open(file));
    assertEquals(Code.UNSUPPORTED, e.code());
    assertTrue(e.getMessage().contains("chmod 600"), e.getMessage());
  }

  @Test
  void aFileThatIsNotThere() {
    Path none = directory.resolve("none");
    StorageException e = assertThrows(StorageException.class, () -> TokenFile.open(none));
    assertEquals(Code.NOT_FOUND, e.code());
  }
}
