package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on one store. */
class StoreCommandsTest {
  @TempDir Path directory;
  private Path db;

  @BeforeEach
  void load() {
    db = directory.resolve("data.db");
    Cli.run("load", "--db", db, "--keys", 20, "--value-bytes", 4, "--raw", "pairs").ok();
  }

  @Test
  void putGetScanAndDelete() {
    assertEquals("OK\n", Cli.run("put", "--db", db, "pairs", "ada", "1815").ok().out());
    assertEquals("1815\n", Cli.run("get", "--db", db, "pairs", "ada").ok().out());
    assertEquals("ada\t1815\n", Cli.run("scan", "--db", db, "pairs", "--limit", 1).ok().out());
    assertEquals(
        "616461\t31383135\n",
        Cli.run("scan", "--db", db, "7061697273", "--limit", 1, "--hex").ok().out());
    assertEquals("1\n", Cli.run("del", "--db", db, "pairs", "ada").ok().out());
    assertEquals("0\n", Cli.run("del", "--db", db, "pairs", "ada").ok().out());
    Cli.run("get", "--db", db, "pairs", "ada").failed(4, "no key ada", "pairs");
  }

  @Test
  void bytesOfAnyValueByHex() {
    Cli.run("put", "--db", db, "7061697273", "00ff", "0a5c", "--hex").ok();
    assertEquals("0a5c\n", Cli.run("get", "--db", db, "--hex", "7061697273", "00ff").ok().out());
    assertEquals(
        "\\x00\\xff\t\\x0a\\\\\n", Cli.run("scan", "--db", db, "pairs", "--limit", 1).ok().out());
    assertEquals(
        "{\"key\":\"AP8=\",\"value\":\"Clw=\"}\n",
        Cli.run("scan", "--db", db, "pairs", "--limit", 1, "-w", "json").ok().out());
    Cli.run("put", "--db", db, "pairs", "0", "00", "--hex").failed(1, "hex digits");
  }

  @Test
  void scanStartsAndStopsWhereTold() {
    assertEquals("pairs\n", Cli.run("scan", "--db", db).ok().out());
    assertEquals(20, Cli.run("scan", "--db", db, "pairs").ok().out().lines().count());
    String two =
        Cli.run("scan", "--db", db, "pairs", "--from", "key/000000000018", "--limit", 5).ok().out();
    assertEquals(2, two.lines().count());
    assertTrue(two.startsWith("key/000000000018\t"), two);
    String table = Cli.run("scan", "--db", db, "pairs", "-w", "table").ok().out();
    assertEquals(24, table.lines().count());
  }

  @Test
  void aTableEndsWhereItsWidthsMustBeKnown() {
    Path large = directory.resolve("large.db");
    Cli.run("load", "--db", large, "--keys", 1_001, "--value-bytes", 1, "--raw", "pairs").ok();
    Cli.Result table = Cli.run("scan", "--db", large, "pairs", "-w", "table");
    assertEquals(0, table.exitCode());
    assertEquals(1_004, table.out().lines().count());
    assertEquals("a table ends after 1,000 rows; the other formats do not\n", table.err());
    assertEquals(1_001, Cli.run("scan", "--db", large, "pairs").ok().out().lines().count());
  }

  @Test
  void lookingChangesNoByte() throws IOException {
    Map<String, String> before = Trees.of(directory);
    Cli.run("get", "--db", db, "pairs", "key/000000000001").ok();
    Cli.run("scan", "--db", db, "pairs").ok();
    Cli.run("hash", "--db", db).ok();
    Cli.run("check", "--db", db).ok();
    assertEquals(before.get("data.db"), Trees.of(directory).get("data.db"));
  }

  @Test
  void snapshotFilesAreReadInPlace() throws IOException {
    Path file = Fixture.TINY.unpack(directory);
    Map<String, String> before = Trees.of(directory);
    assertEquals(10, Cli.run("scan", "--db", file).ok().out().lines().count());
    assertEquals("3.4.0\n", Cli.run("get", "--db", file, "cluster", "clusterVersion").ok().out());
    assertTrue(Cli.run("hash", "--db", file).ok().out().endsWith(", 863b7547\n"));
    assertEquals("etcd, 10, 11\n", Cli.run("check", "--db", file).ok().out());
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void bucketsAreMadeOnlyWhenTold() {
    Cli.run("put", "--db", db, "typo", "k", "v").failed(4, "typo");
    Cli.run("put", "--db", db, "more", "k", "v", "--create-bucket").ok();
    assertEquals("more\npairs\n", Cli.run("scan", "--db", db).ok().out());
  }

  @Test
  void etcdsHistoryIsTouchedOnlyRaw() {
    Cli.run("put", "--db", db, "key", "k", "v", "--create-bucket").failed(2, "--raw");
    Cli.run("del", "--db", db, "key", "k").failed(2, "--raw");
    Cli.run("put", "--db", db, "key", "k", "v", "--create-bucket", "--raw").ok();
    assertEquals("1\n", Cli.run("del", "--db", db, "key", "k", "--raw").ok().out());
  }

  @Test
  void theHashIsOfTheContentAlone() {
    String first = Cli.run("hash", "--db", db).ok().out();
    assertTrue(first.matches("v1:[0-9a-f]{64}, [0-9a-f]{1,8}\n"), first);
    Cli.run("put", "--db", db, "pairs", "x", "y").ok();
    assertNotEquals(first, Cli.run("hash", "--db", db).ok().out());
    Cli.run("del", "--db", db, "pairs", "x").ok();
    assertEquals(first, Cli.run("hash", "--db", db).ok().out());
  }

  @Test
  void defragMakesItSmallerAndKeepsTheContent() throws IOException {
    Path store = directory.resolve("grown.db");
    Cli.run("load", "--db", store, "--keys", 2_000, "--value-bytes", 1_000, "--raw", "big").ok();
    Cli.run("load", "--db", directory.resolve("small.db"), "--keys", 1, "--raw", "big").ok();
    String before = Cli.run("hash", "--db", store).ok().out();
    String json = Cli.run("defrag", "--db", store, "-w", "json").ok().out();
    assertTrue(EtcdTools.number(json, "beforeBytes") >= EtcdTools.number(json, "afterBytes"), json);
    assertEquals(Files.size(store), EtcdTools.number(json, "afterBytes"));
    assertEquals(before, Cli.run("hash", "--db", store).ok().out());
  }

  @Test
  void loadIsTheSameForTheSameSeed() {
    Path etcd = directory.resolve("etcd.db");
    Path again = directory.resolve("again.db");
    Path other = directory.resolve("other.db");
    String told = Cli.run("load", "--db", etcd, "--keys", 100, "--seed", 7).ok().out();
    assertTrue(told.contains(", lmdb, 95 keys, revision "), told);
    Cli.run("load", "--db", again, "--keys", 100, "--seed", 7).ok();
    Cli.run("load", "--db", other, "--keys", 100, "--seed", 8).ok();
    String hash = Cli.run("hash", "--db", etcd).ok().out();
    assertEquals(hash, Cli.run("hash", "--db", again).ok().out());
    assertNotEquals(hash, Cli.run("hash", "--db", other).ok().out());
    assertEquals(10, Cli.run("scan", "--db", etcd).ok().out().lines().count());
  }

  @Test
  void engineOptionsReachTheEngine() {
    Path store = directory.resolve("options.db");
    Cli.run("load", "--db", store, "--keys", 1, "-O", "lmdb.maxReaders=4").ok();
    Cli.run("put", "--db", db, "pairs", "k", "v", "-O", "lmdb.maxRaeders=4")
        .failed(1, "lmdb.maxRaeders", "lmdb.maxReaders");
    Cli.run("load", "--db", directory.resolve("x.db"), "--keys", 1, "-O", "lmdb.maxReaders=no")
        .failed(1, "lmdb.maxReaders");
  }

  /** What etcd left is a bbolt file, and the engine of that format writes on in it. */
  @Test
  void anEtcdDatabaseIsAStoreOfBbolts() throws IOException {
    Path file = Fixture.WAL.unpack(directory);
    String hash = Cli.run("hash", "--db", file).ok().out();
    Cli.run("defrag", "--db", file).ok();
    assertEquals(hash, Cli.run("hash", "--db", file).ok().out());
    Cli.run("put", "--db", file, "meta", "k", "v").ok();
    assertEquals("v\n", Cli.run("get", "--db", file, "meta", "k").ok().out());
    Cli.run("del", "--db", file, "meta", "k").ok();
    assertEquals(hash, Cli.run("hash", "--db", file).ok().out());
    Cli.run("check", "--db", file).ok();
  }

  @Test
  void enginesTellsWhatIsThere() throws IOException {
    String text = Cli.run("engines").ok().out();
    for (String engine : List.of("bbolt", "h2", "lmdb", "mapdb")) {
      assertTrue(("\n" + text).contains("\n" + engine + "  "), text);
    }
    String json = Cli.run("engines", "-w", "json").ok().out();
    assertTrue(json.contains("\"engine\":\"lmdb\""), json);
    String lmdb = json.substring(json.indexOf("\"engine\":\"lmdb\""));
    assertEquals(511, EtcdTools.number(lmdb, "keyBytesMax"));
  }
}
