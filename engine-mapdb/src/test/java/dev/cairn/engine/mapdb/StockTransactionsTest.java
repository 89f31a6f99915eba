package dev.cairn.engine.mapdb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/**
 * What MapDB's own {@code transactionEnable()} does under {@code kill -9}: the reason for the
 * journal of this engine. It is no test of ours, and <em>fails</em> where MapDB does: it runs only
 * with {@code -Dcairn.mapdb.stock=true}, as in
 *
 * <pre>
 * mvn verify -pl engine-mapdb -am -Dtest=StockTransactionsTest -DargLine=-Dcairn.mapdb.stock=true
 * </pre>
 */
@EnabledIfSystemProperty(named = "cairn.mapdb.stock", matches = "true")
class StockTransactionsTest {
  private static final int KILLS = 25;
  private static final int COMMITS = 20;
  private static final int PUTS = 500;
  private static final byte[] LAST = {0};

  @TempDir Path directory;

  @Test
  void mapDbsOwnTransactionsSurviveKills() throws Exception {
    Path file = directory.resolve("stock");
    long promised = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      promised = Math.max(promised, runAndKill(file));
      String found = look(file, promised);
      System.out.println("kill " + kill + ", " + promised + " commits promised: " + found);
      assertEquals("whole", found, "after kill " + kill + " with " + promised + " committed");
    }
  }

  /** Returns the number of the last commit that returned. */
  private static long runAndKill(Path file) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Committer.class.getName(),
                    file.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long last = 0;
    byte[] number = new byte[Long.BYTES];
    try (InputStream told = child.getInputStream()) {
      for (int i = 0; i < COMMITS && told.readNBytes(number, 0, 8) == 8; i++) {
        last = ByteBuffer.wrap(number).getLong();
      }
      // Somewhere in the next one.
      Thread.sleep(new SplittableRandom(last).nextInt(40));
      // By its handle: the process itself would close the stream, with numbers still in it.
      child.toHandle().destroyForcibly();
      while (told.readNBytes(number, 0, 8) == 8) {
        last = ByteBuffer.wrap(number).getLong();
      }
    }
    child.waitFor();
    return last;
  }

  /** Every commit puts its number at one key, and much at random ones. */
  private static String look(Path file, long promised) {
    try (DB db = open(file)) {
      BTreeMap<byte[], byte[]> map = map(db);
      map.verify();
      long entries = 0;
      byte[] before = {};
      for (byte[] key : map.getKeys()) {
        if (Arrays.compareUnsigned(before, key) >= 0) {
          return "keys out of order after " + entries;
        }
        before = key;
        entries++;
      }
      byte[] last = map.get(LAST);
      long number = last == null ? 0 : ByteBuffer.wrap(last).getLong();
      return number < promised ? "commit " + number + " is the last" : "whole";
    } catch (RuntimeException | Error e) {
      return e.toString();
    }
  }

  private static DB open(Path file) {
    return DBMaker.fileDB(file.toFile()).transactionEnable().make();
  }

  private static BTreeMap<byte[], byte[]> map(DB db) {
    return db.treeMap("map", Serializer.BYTE_ARRAY_DELTA2, Serializer.BYTE_ARRAY).createOrOpen();
  }

  /** Commits until it is killed, and tells the number of each commit that returned. */
  static final class Committer {
    private Committer() {}

    public static void main(String[] arguments) {
      DB db = open(Path.of(arguments[0]));
      BTreeMap<byte[], byte[]> map = map(db);
      byte[] last = map.get(LAST);
      long number = last == null ? 0 : ByteBuffer.wrap(last).getLong();
      SplittableRandom random = new SplittableRandom(number);
      while (true) {
        number++;
        for (int i = 0; i < PUTS; i++) {
          byte[] key = ByteBuffer.allocate(4).putInt(random.nextInt()).array();
          map.put(key, new byte[random.nextInt(600)]);
        }
        map.put(LAST, ByteBuffer.allocate(8).putLong(number).array());
        db.commit();
        System.out.write(ByteBuffer.allocate(8).putLong(number).array(), 0, 8);
        System.out.flush();
      }
    }
  }
}
