package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;

/**
 * Files that are not what they should be. Each command says so in one line and leaves everything as
 * it was: the directory is compared byte by byte after each test.
 */
class BadInputTest {
  private static final String[] NAMED_LMDB = {"hash", "check", "scan"};

  @TempDir Path directory;
  private Path good;
  private Path bad;
  private Map<String, String> before;

  @BeforeEach
  void unpack() throws IOException {
    good = Fixture.RICH.unpack(directory);
    bad = directory.resolve("bad.db");
  }

  private void write(byte[] bytes) throws IOException {
    Files.write(bad, bytes);
    before = Trees.of(directory);
  }

  @AfterEach
  void nothingIsChangedOrLeft() throws IOException {
    assertEquals(before, Trees.of(directory));
  }

  private Cli.Result restore(Object... more) {
    Object[] words = {
      "snapshot", "restore", bad, "--data-dir", directory.resolve("restored"), "--engine", "lmdb"
    };
    return Cli.run(with(words, more));
  }

  private Cli.Result convert() {
    return Cli.run("snapshot", "convert", bad, directory.resolve("converted.db"), "--to", "lmdb");
  }

  /** No command takes the file for anything. */
  private void refusedByAll(int exitCode, String... words) {
    for (String command : NAMED_LMDB) {
      Cli.run(command, "--db", bad).failed(exitCode, words);
    }
    Cli.run("defrag", "--db", bad).failed(exitCode, words);
    Cli.run("serve", "--db", bad, "--listen", "127.0.0.1:0").failed(exitCode, words);
    Cli.run("snapshot", "status", bad).failed(exitCode, words);
    Cli.run("snapshot", "verify", bad).failed(exitCode, words);
    Cli.run("snapshot", "save", directory.resolve("out.db"), "--db", bad).failed(exitCode, words);
    restore().failed(exitCode, words);
    convert().failed(exitCode, words);
  }

  /** Each of these cuts takes pages that are in use. */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void truncated(double share) throws IOException {
    byte[] bytes = Files.readAllBytes(good);
    write(Arrays.copyOf(bytes, (int) (bytes.length * share) / 512 * 512 + 100));
    Cli.run("snapshot", "verify", bad).failed(3, "bad.db");
    Cli.run("snapshot", "status", bad).failed(3, "bad.db");
    restore().failed(3, "bad.db");
    restore("--skip-hash-check").failed(3, "bad.db");
    convert().failed(3, "bad.db");
  }

  /** A cut that leaves 32 over when divided by 512 looks as if it had a hash. */
  @Test
  void truncatedWhereAHashCouldStand() throws IOException {
    byte[] bytes = Files.readAllBytes(good);
    write(Arrays.copyOf(bytes, bytes.length - 4 * 4096));
    Cli.run("snapshot", "verify", bad).failed(3, "bad.db");
    restore().failed(3, "bad.db");
    convert().failed(3, "bad.db");
  }

  /** A flip in the middle of a value: only the hash tells. */
  @Test
  void bitFlipped() throws IOException {
    byte[] bytes = Files.readAllBytes(good);
    int middleOfTheLargeValue = largestRun(bytes);
    bytes[middleOfTheLargeValue] ^= 0x10;
    write(bytes);
    Cli.run("snapshot", "verify", bad).failed(3, "SHA-256");
    Cli.run("snapshot", "verify", bad, "--deep").failed(3, "SHA-256");
    restore().failed(3, "SHA-256");
    convert().failed(3, "SHA-256");
  }

  /** A place inside the value of 1 MiB, which takes more than a third of the file. */
  private static int largestRun(byte[] bytes) {
    int page = 4096;
    for (int at = 2 * page; at < bytes.length; at += page) {
      ByteBuffer header = ByteBuffer.wrap(bytes, at, 16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      long overflow = Integer.toUnsignedLong(header.getInt(at + 12));
      if (header.getLong(at) == at / page && overflow >= 256 && overflow < 300) {
        return at + 100 * page;
      }
    }
    throw new AssertionError("the fixture has no large value");
  }

  @Test
  void bitFlippedInTheHash() throws IOException {
    byte[] bytes = Files.readAllBytes(good);
    bytes[bytes.length - 1] ^= 1;
    write(bytes);
    Cli.run("snapshot", "verify", bad).failed(3, "SHA-256");
    restore().failed(3, "SHA-256");
    Cli.run("snapshot", "status", bad).ok();
  }

  @Test
  void withoutItsHash() throws IOException {
    byte[] bytes = Files.readAllBytes(good);
    write(Arrays.copyOf(bytes, bytes.length - 32));
    Cli.run("snapshot", "verify", bad).failed(3, "no SHA-256");
    restore().failed(3, "no SHA-256", "--skip-hash-check");
  }

  @Test
  void empty() throws IOException {
    write(new byte[0]);
    refusedByAll(3, "bad.db", "empty");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 32, 511, 4096, 4128})
  void zeros(int count) throws IOException {
    write(new byte[count]);
    refusedByAll(3, "bad.db");
  }

  @Test
  void gzipped() throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bad))) {
      out.write(Files.readAllBytes(good));
    }
    before = Trees.of(directory);
    refusedByAll(3, "gzip", "unpack it first");
  }

  @Test
  void zipped() throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(bad))) {
      out.putNextEntry(new ZipEntry("snapshot.db"));
      out.write(Files.readAllBytes(good));
    }
    before = Trees.of(directory);
    refusedByAll(3, "zip", "unpack it first");
  }

  @Test
  void aText() throws IOException {
    write("This is not the snapshot you are looking for.\n".repeat(100).getBytes());
    refusedByAll(3, "bad.db", "lmdb");
  }

  @Test
  void aDirectory() throws IOException {
    Files.createDirectory(bad);
    before = Trees.of(directory);
    refusedByAll(1, "bad.db", "directory");
  }

  @Test
  void nothingThere() throws IOException {
    before = Trees.of(directory);
    refusedByAll(4, "bad.db");
    Cli.run("put", "--db", bad, "b", "k", "v").failed(4, "bad.db");
  }

  /** Somebody's own LMDB database, that no Cairn made. */
  @Test
  void aForeignLmdbFile() throws IOException {
    try (Env<byte[]> env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(1 << 20)
            .open(bad.toFile(), EnvFlags.MDB_NOSUBDIR)) {
      env.openDbi((byte[]) null).put("mine".getBytes(), "not yours".getBytes());
    }
    before = Trees.of(directory);
    for (String command : new String[] {"hash", "scan", "defrag"}) {
      Cli.run(command, "--db", bad).failed(1, "bad.db", "not a Cairn store");
    }
    Cli.run("put", "--db", bad, "b", "k", "v").failed(1, "not a Cairn store");
    Cli.run("serve", "--db", bad, "--listen", "127.0.0.1:0").failed(1, "not a Cairn store");
    Cli.run("snapshot", "status", bad).failed(1, "not a Cairn store");
    convert().failed(1, "not a Cairn store");
    restore("--skip-hash-check").failed(1, "not a Cairn store");
  }

  @Test
  void anEtcdSnapshotIsNoStoreToWrite() throws IOException {
    Path file = Fixture.TINY.unpack(directory);
    before = Trees.of(directory);
    Cli.run("defrag", "--db", file).failed(1, "convert");
    Cli.run("put", "--db", file, "meta", "k", "v").failed(1, "convert");
    Cli.run("serve", "--db", file, "--listen", "127.0.0.1:0").failed(1, "convert");
  }

  /** A native image looks like a store, and a write would break the hash behind it. */
  @Test
  void aSnapshotFileIsNoStoreToWrite() throws IOException {
    Path store = directory.resolve("store.db");
    Cli.run("load", "--db", store, "--keys", 10, "--raw", "b").ok();
    Cli.run("snapshot", "save", bad, "--db", store, "--format", "native").ok();
    before = Trees.of(directory);
    Cli.run("put", "--db", bad, "b", "k", "v").failed(1, "is a snapshot");
    Cli.run("del", "--db", bad, "b", "k").failed(1, "is a snapshot");
    Cli.run("defrag", "--db", bad).failed(1, "is a snapshot");
    Cli.run("serve", "--db", bad, "--listen", "127.0.0.1:0").failed(1, "is a snapshot");
  }

  @Test
  void targetsThatExist() throws IOException {
    Files.writeString(bad, "precious");
    Path dataDir = Files.createDirectory(directory.resolve("restored"));
    Files.writeString(dataDir.resolve("file"), "precious");
    before = Trees.of(directory);
    Cli.run("snapshot", "convert", good, bad, "--to", "lmdb").failed(5, "bad.db");
    Cli.run("snapshot", "convert", good, bad, "--to", "etcd").failed(5, "bad.db");
    Cli.run("load", "--db", bad, "--keys", 1).failed(5, "bad.db");
    Cli.run("load", "--db", dataDir, "--keys", 1).failed(5, "restored");
    Cli.run("snapshot", "restore", good, "--data-dir", dataDir).failed(5, "restored");
    Cli.run("snapshot", "restore", good, "--data-dir", bad).failed(5, "bad.db");
    Cli.run("snapshot", "save", bad, "--db", good, "--no-clobber").failed(5, "bad.db");
  }

  @Test
  void directoriesThatAreNotThere() throws IOException {
    before = Trees.of(directory);
    Path nowhere = directory.resolve("no/where.db");
    Cli.run("load", "--db", nowhere, "--keys", 1).failed(4, "no");
    Cli.run("snapshot", "convert", good, nowhere, "--to", "lmdb").failed(4, "no");
    Cli.run("snapshot", "save", nowhere, "--db", good).failed(4, "no");
  }

  @Test
  void unknownEngines() throws IOException {
    before = Trees.of(directory);
    Path out = directory.resolve("out.db");
    Cli.run("load", "--db", out, "--engine", "lmbd", "--keys", 1)
        .failed(4, "no engine \"lmbd\"; on the class path: bbolt, h2, lmdb, mapdb");
    Cli.run("hash", "--db", good, "--engine", "none").failed(4, "no engine \"none\"");
    Cli.run("snapshot", "convert", good, out, "--to", "none").failed(4, "no engine \"none\"");
    Cli.run("snapshot", "restore", good, "--data-dir", out, "--engine", "none")
        .failed(4, "no engine \"none\"");
    Cli.run("demo", "--engine", "none").failed(4, "no engine \"none\"");
  }

  @Test
  void aLockedStore() throws IOException {
    Path db = directory.resolve("locked.db");
    Bucket bucket = Bucket.named("b");
    try (Store holder = Store.open(db, StoreConfig.engine("lmdb"))) {
      holder.update(tx -> tx.createBucket(bucket));
      Cli.run("put", "--db", db, "b", "k", "v").failed(6, "locked.db");
      Cli.run("del", "--db", db, "b", "k").failed(6, "locked.db");
      Cli.run("defrag", "--db", db).failed(6, "locked.db");
      Cli.run("serve", "--db", db, "--listen", "127.0.0.1:0").failed(6, "locked.db");
    }
    before = Trees.of(directory);
  }

  @Test
  void keysAndValuesOverTheLimits() throws IOException {
    Path db = directory.resolve("data.db");
    Cli.run("load", "--db", db, "--keys", 1, "--raw", "b").ok();
    before = Trees.of(directory);
    Cli.run("put", "--db", db, "b", "k".repeat(512), "v").failed(1, "512", "511");
    Cli.run("put", "--db", db, "b", "", "v").failed(1, "at least 1 byte");
    Cli.run("put", "--db", db, "b".repeat(256), "k", "v").failed(1, "255");
    Cli.run("load", "--db", directory.resolve("x.db"), "--keys", 1, "--value-bytes", (8 << 20) + 1)
        .failed(1, String.valueOf(8 << 20));
    Cli.run(
            "load",
            "--db",
            directory.resolve("x.db"),
            "--keys",
            1,
            "--value-bytes",
            (8 << 20) + 1,
            "--raw",
            "b")
        .failed(1, String.valueOf(8 << 20));
    Cli.run("load", "--db", directory.resolve("x.db"), "--keys", -1).failed(1, "-1");
  }

  /** bbolt holds more than LMDB does; nothing is made of a source that does not fit. */
  @ParameterizedTest
  @CsvSource({"512, 1, 511", "1, 8388609, 8388608"})
  void aSourceThatDoesNotFitTheTarget(int keyBytes, int valueBytes, String limit)
      throws IOException {
    byte[] key = new byte[keyBytes];
    Arrays.fill(key, (byte) 0xab);
    OneEntry entry = new OneEntry(Bucket.named("wide"), key, new byte[valueBytes]);
    try (Snapshot image = EtcdImages.of(entry)) {
      Snapshots.save(image, bad, SaveOptions.defaults());
    }
    before = Trees.of(directory);
    convert().failed(1, "bucket wide: key 0xab", limit);
    restore().failed(1, "bucket wide: key 0xab", limit);
    restore("--dry-run").failed(1, "bucket wide: key 0xab", limit);
    Cli.run("snapshot", "verify", bad, "--deep").ok();
  }

  @Test
  void sequencesAreLostOnlyWhenTold() throws IOException {
    Path source = unpackBolt("sequences");
    Path out = directory.resolve("out.db");
    Object[] convert = {"snapshot", "convert", source, out, "--to", "lmdb"};
    Cli.run(convert).failed(1, "bucket pubinline", "sequence");
    Cli.run(with(convert, "--drop-sequences")).ok();
    before = Trees.of(directory);
  }

  @Test
  void nestedBuckets() throws IOException {
    Path source = unpackBolt("nested");
    Path out = directory.resolve("out.db");
    Cli.run("snapshot", "convert", source, out, "--to", "lmdb", "--drop-sequences")
        .failed(1, "A/B");
    Cli.run("snapshot", "status", source).failed(1, "A/B");
    Cli.run("snapshot", "save", out, "--db", source).failed(1, "A/B");
  }

  private Path unpackBolt(String name) throws IOException {
    Path file = directory.resolve(name + ".db");
    try (InputStream in = BadInputTest.class.getResourceAsStream("/etcd/" + name + ".db.gz");
        InputStream unpacked = new GZIPInputStream(in)) {
      Files.copy(unpacked, file);
    }
    before = Trees.of(directory);
    return file;
  }

  private static Object[] with(Object[] words, Object... more) {
    Object[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }
}
