package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the system is asked for before a commit is acknowledged, traced where {@code strace} is
 * found: kill -9 tells nothing of this, and a power cut cannot be simulated under LMDB.
 */
class LmdbSyncsTest {
  private static final int COMMITS = 12;
  private static final Pattern CALL =
      Pattern.compile("(\\d+) +(\\w+)\\((\\d+|AT_FDCWD)<([^>]*)>(.*)");

  /** The first bytes of a meta page that a commit leaves alone. */
  private static final int META_FIXED_BYTES = 32;

  /** One call on the store's file, or an acknowledgement. */
  private record Call(String name, String descriptor, String rest) {
    boolean isWrite() {
      return name.startsWith("pwrite") || name.equals("writev");
    }

    /** LMDB writes the changing part of a meta page, and nothing else below the third page. */
    boolean isMetaWrite() {
      Matcher offset = Pattern.compile(", (\\d+)\\) += \\d+").matcher(rest);
      return name.equals("pwrite64")
          && offset.find()
          && Long.parseLong(offset.group(1)) % EmptyStore.PAGE_BYTES == META_FIXED_BYTES
          && Long.parseLong(offset.group(1)) < 2 * EmptyStore.PAGE_BYTES;
    }

    boolean isSync() {
      return name.equals("fdatasync") || name.equals("fsync");
    }
  }

  @TempDir Path directory;

  private final Set<String> syncing = new HashSet<>();

  @Test
  void everyAcknowledgedCommitIsSyncedBefore() throws Exception {
    List<List<Call>> commits = traced(Durability.SYNC);
    for (List<Call> calls : commits) {
      int meta = checkDataSyncedBeforeMeta(calls);
      boolean synced = syncing.contains(calls.get(meta).descriptor);
      for (Call later : calls.subList(meta, calls.size())) {
        synced |= later.isSync();
      }
      assertTrue(synced, () -> "the meta page is not synced: " + calls);
    }
    TestRun.report("lmdb commits traced", commits.size());
  }

  @Test
  void aRelaxedCommitIsOrderedAndSyncMakesItDurable() throws Exception {
    List<List<Call>> commits = traced(Durability.RELAXED);
    for (List<Call> calls : commits) {
      int meta = checkDataSyncedBeforeMeta(calls);
      // The child calls sync() after every commit, and acknowledges only then.
      assertTrue(
          calls.subList(meta, calls.size()).stream().anyMatch(Call::isSync), calls::toString);
    }
  }

  /** Gives the index of the one meta write. */
  private static int checkDataSyncedBeforeMeta(List<Call> calls) {
    int meta = -1;
    boolean written = false;
    boolean synced = false;
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      if (call.isMetaWrite()) {
        assertTrue(written && synced, () -> "a meta page before its data: " + calls);
        assertEquals(-1, meta, () -> "two meta pages: " + calls);
        meta = i;
      } else if (call.isWrite()) {
        written = true;
        synced = false;
      } else if (call.isSync()) {
        synced = true;
      }
    }
    assertTrue(meta >= 0, () -> "no meta page: " + calls);
    return meta;
  }

  private List<List<Call>> traced(Durability durability) throws Exception {
    assumeTrue(Child.found("strace"), "strace is not found");
    Path log = directory.resolve("trace");
    List<String> strace =
        List.of(
            "strace", "-f", "-y", "-qq", "-o", log.toString(), "-e", "signal=none", "-e", trace());
    Child.run(strace, Commits.class, directory.resolve("db").toString(), durability.name());
    List<List<Call>> commits = new ArrayList<>();
    List<Call> calls = new ArrayList<>();
    for (String line : whole(Files.readAllLines(log))) {
      Call call = call(line);
      if (call == null) {
        continue;
      }
      if (call.name.equals("write")) {
        commits.add(calls);
        calls = new ArrayList<>();
      } else {
        calls.add(call);
      }
    }
    assertEquals(1 + COMMITS, commits.size());
    return commits.subList(1, commits.size());
  }

  private static String trace() {
    return "trace=openat,write,pwrite64,pwritev,writev,fsync,fdatasync,msync,ftruncate";
  }

  /** Joins the two halves of a call that another thread's came between. */
  private static List<String> whole(List<String> lines) {
    List<String> whole = new ArrayList<>();
    java.util.Map<String, String> begun = new java.util.HashMap<>();
    for (String line : lines) {
      String thread = line.substring(0, line.indexOf(' '));
      if (line.endsWith(" <unfinished ...>")) {
        begun.put(thread, line.substring(0, line.length() - " <unfinished ...>".length()));
      } else if (line.contains(" resumed>")) {
        whole.add(begun.remove(thread) + line.substring(line.indexOf(" resumed>") + 9));
      } else {
        whole.add(line);
      }
    }
    return whole;
  }

  private Call call(String line) {
    Matcher call = CALL.matcher(line);
    if (!call.matches()) {
      return null;
    }
    if (call.group(2).equals("openat")) {
      noteIfSyncing(call.group(5));
      return null;
    }
    boolean acknowledged = call.group(2).equals("write") && call.group(5).contains("\"committed");
    boolean onStore = call.group(4).equals(directory.resolve("db").toString());
    return acknowledged || onStore ? new Call(call.group(2), call.group(3), call.group(5)) : null;
  }

  private void noteIfSyncing(String opened) {
    Matcher descriptor = Pattern.compile(".*O_D?SYNC.*= (\\d+)<.*/db>").matcher(opened);
    if (descriptor.matches()) {
      syncing.add(descriptor.group(1));
    }
  }

  /** Commits, and tells of each in one write. */
  static final class Commits {
    private Commits() {}

    public static void main(String[] arguments) {
      SplittableRandom random = new SplittableRandom(1);
      Durability durability = Durability.valueOf(arguments[1]);
      try (Backend backend =
          new LmdbEngine().open(Path.of(arguments[0]), CONFIG.withDurability(durability))) {
        for (int i = 0; i <= COMMITS; i++) {
          backend.commit(puts(random, USERS, 1 + 20 * i, 2_000));
          backend.sync();
          System.out.println("committed " + i);
        }
      }
    }
  }
}
