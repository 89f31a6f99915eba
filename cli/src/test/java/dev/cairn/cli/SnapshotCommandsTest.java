package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Saving, verifying, restoring and converting, with what is good. */
class SnapshotCommandsTest {
  @TempDir Path directory;
  private Path db;
  private Path saved;

  @BeforeEach
  void load() {
    db = directory.resolve("data.db");
    saved = directory.resolve("saved.db");
    Cli.run("load", "--db", db, "--keys", 300, "--value-bytes", 100).ok();
  }

  private String hash(Path file) {
    String line = Cli.run("hash", "--db", file).ok().out();
    return line.substring(0, line.indexOf(','));
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd", "native"})
  void savedFromAServer(String format) throws IOException {
    String told;
    try (Serving server = new Serving("--db", db, "--snapshot-format", format)) {
      told = Cli.run("snapshot", "save", saved, "--endpoint", server.endpoint()).ok().lastLine();
    }
    String sha256 = checkSaved(told, format);
    String verified = Cli.run("snapshot", "verify", saved).ok().out();
    assertTrue(verified.startsWith((format.equals("etcd") ? "etcd" : "lmdb") + ", "), verified);
    assertTrue(verified.contains(sha256), verified);
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd", "native"})
  void savedFromAStore(String format) throws IOException {
    checkSaved(
        Cli.run("snapshot", "save", saved, "--db", db, "--format", format).ok().lastLine(), format);
  }

  /** Checks file and last line; returns the SHA-256. */
  private String checkSaved(String told, String format) throws IOException {
    byte[] file = Files.readAllBytes(saved);
    int imageBytes = file.length - 32;
    Path image = directory.resolve("image.bin");
    Files.write(image, Arrays.copyOf(file, imageBytes));
    String sha256 = Trees.sha256(image);
    assertTrue(
        told.matches(imageBytes + " bytes, \\d+\\.\\d{3} s, \\d+\\.\\d MB/s, SHA-256 " + sha256),
        told);
    assertEquals(hash(db), hash(saved), format);
    return sha256;
  }

  @Test
  void bothWaysToTheEtcdImageGiveTheSameBytes() throws IOException {
    Path other = directory.resolve("other.db");
    try (Serving server = new Serving("--db", db, "--chunk-bytes", 32768)) {
      Cli.run("snapshot", "save", saved, "--endpoints", "http://" + server.endpoint()).ok();
    }
    Cli.run("snapshot", "save", other, "--db", db).ok();
    assertArrayEquals(Files.readAllBytes(saved), Files.readAllBytes(other));
    Path converted = directory.resolve("converted.db");
    Cli.run("snapshot", "convert", db, converted, "--to", "etcd").ok();
    assertArrayEquals(Files.readAllBytes(saved), Files.readAllBytes(converted));
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd", "native"})
  void stdoutTakesTheWholeFileAndStderrTheLastLine(String format) throws IOException {
    Cli.Result streamed =
        Cli.run("snapshot", "save", "-", "--db", db, "--format", format, "-w", "json");
    assertEquals(0, streamed.exitCode(), streamed.err());
    assertEquals(streamed.outBytes().length - 32, EtcdTools.number(streamed.err(), "bytes"));
    Files.write(saved, streamed.outBytes());
    Cli.run("snapshot", "verify", saved, "--deep").ok();
    assertEquals(hash(db), hash(saved));
  }

  @Test
  void stdoutFromAServer() throws IOException {
    Cli.Result streamed;
    try (Serving server = new Serving("--db", db)) {
      streamed = Cli.run("snapshot", "save", "-", "--endpoint", server.endpoint());
    }
    assertEquals(0, streamed.exitCode(), streamed.err());
    assertEquals(1, streamed.err().lines().count());
    Files.write(saved, streamed.outBytes());
    Cli.run("snapshot", "verify", saved, "--deep").ok();
  }

  @Test
  void saveReplacesUnlessTold() throws IOException {
    Files.writeString(saved, "older");
    Cli.run("snapshot", "save", saved, "--db", db, "--no-clobber").failed(5, "saved.db");
    assertEquals("older", Files.readString(saved));
    Cli.run("snapshot", "save", saved, "--db", db).ok();
    Cli.run("snapshot", "verify", saved).ok();
    assertFalse(Files.exists(directory.resolve("saved.db.part")));
  }

  @Test
  void verifyTellsInEachFormat() throws IOException {
    Cli.run("snapshot", "save", saved, "--db", db).ok();
    Map<String, String> before = Trees.of(directory);
    String json = Cli.run("snapshot", "verify", saved, "--deep", "-w", "json").ok().out();
    assertTrue(json.startsWith("{\"format\":\"etcd\",\"imageBytes\":"), json);
    assertTrue(json.endsWith(",\"deep\":true}\n"), json);
    assertEquals(
        4, Cli.run("snapshot", "verify", saved, "-w", "fields").ok().out().lines().count());
    assertEquals(before, Trees.of(directory));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lmdb", "bbolt"})
  void restoredIntoAnyEngine(String engine) throws IOException {
    Cli.run("snapshot", "save", saved, "--db", db).ok();
    Path dataDir = directory.resolve("restored");
    String told =
        Cli.run("snapshot", "restore", saved, "--data-dir", dataDir, "--engine", engine, "--as-is")
            .ok()
            .out();
    Path database = dataDir.resolve("member/snap/db");
    assertTrue(told.startsWith(database + ", "), told);
    assertEquals(hash(db), hash(database));
    assertTrue(Trees.of(dataDir).keySet().containsAll(Set.of("member", "member/snap/db")));
    Cli.run("snapshot", "restore", saved, "--data-dir", dataDir).failed(5, "restored");
  }

  @Test
  void restoredFromANativeImageAndServedAgain() throws IOException {
    Cli.run("snapshot", "save", saved, "--db", db, "--format", "native").ok();
    Path dataDir = directory.resolve("restored");
    Cli.run("snapshot", "restore", saved, "--data-dir", dataDir, "--engine", "lmdb", "--as-is")
        .ok();
    Path second = directory.resolve("second.db");
    try (Serving server = new Serving("--data-dir", dataDir)) {
      Cli.run("snapshot", "save", second, "--endpoint", server.endpoint()).ok();
    }
    assertEquals(hash(db), hash(second));
  }

  @Test
  void aDryRunMakesNothing() throws IOException {
    Cli.run("snapshot", "save", saved, "--db", db).ok();
    Map<String, String> before = Trees.of(directory);
    Path dataDir = directory.resolve("restored");
    String told =
        Cli.run("snapshot", "restore", saved, "--data-dir", dataDir, "--dry-run", "--as-is")
            .ok()
            .out();
    assertTrue(told.endsWith(", nothing made\n"), told);
    assertEquals(before, Trees.of(directory));
  }

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void convertKeepsTheContentOfEveryFixture(Fixture fixture) throws IOException {
    Path file = fixture.unpack(directory);
    String before = Trees.sha256(file);
    Path store = directory.resolve("store.db");
    String told = Cli.run("snapshot", "convert", file, store, "--to", "lmdb").ok().out();
    String content = hash(file);
    assertEquals(2, told.lines().count());
    assertTrue(told.lines().allMatch(line -> line.endsWith(", " + content)), told);
    assertEquals(content, hash(store));
    Path image = directory.resolve("back.db");
    Cli.run("snapshot", "convert", store, image, "--to", "etcd").ok();
    assertEquals(content, hash(image));
    Cli.run("snapshot", "verify", image, "--deep").ok();
    assertEquals(before, Trees.sha256(file));
  }

  @Test
  void aCopiedDatabaseIsRestoredWhenTold() throws IOException {
    Path file = Fixture.WAL.unpack(directory);
    Path dataDir = directory.resolve("restored");
    Cli.run("snapshot", "restore", file, "--data-dir", dataDir).failed(3, "--skip-hash-check");
    assertFalse(Files.exists(dataDir));
    Cli.run("snapshot", "restore", file, "--data-dir", dataDir, "--skip-hash-check", "--as-is")
        .ok();
    assertEquals(hash(file), hash(dataDir.resolve("member/snap/db")));
  }
}
