package dev.cairn.engine.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.bbolt.BoltMeta;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Which pages are used again, against sets of pages: none that a held version, the durable or the
 * newest one uses, and every other.
 */
class VersionsTest {
  private static final int FIRST = (int) Layout.FIRST_PAGE;
  private static final int NODES_MAX = 30;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
  private final FreePages free = new FreePages(Path.of("/db"), new BitSet(), FIRST);
  private final Versions versions = new Versions(version(1));
  private final List<Version> held = new ArrayList<>();

  /** All pages of each version there was. */
  private final Map<Long, BitSet> pagesOf = new HashMap<>(Map.of(1L, new BitSet()));

  /** The newest version's, by first page. */
  private final TreeMap<Integer, Integer> nodes = new TreeMap<>();

  private long durableTxid = 1;
  private long used;

  private Version version(long txid) {
    BoltMeta meta = new BoltMeta(4096, 3, 0, BoltMeta.NO_FREELIST, free.highWaterPages(), txid);
    return new Version(meta, 0, new TreeMap<>(), 0, free.unusedCount());
  }

  @Test
  void exactlyThePagesThatNobodyNeedsAreUsedAgain() {
    int commits = TestRun.count(20_000, 500_000);
    for (int i = 0; i < commits; i++) {
      // Now and then nothing is held at all.
      changeHolders(i % 500 == 0 ? 0 : 6);
      transaction(random.nextInt(8) > 0);
      assertEquals(heldOnly().cardinality(), versions.heldPages());
      pagesOf.keySet().retainAll(needed());
    }
    assertTrue(used > commits, "few pages were used again: " + used);
    TestRun.report("bbolt transactions beside held versions", commits);
  }

  private void changeHolders(int countMax) {
    if (random.nextBoolean()) {
      held.add(versions.hold());
    }
    while (held.size() > countMax) {
      versions.letGo(held.remove(random.nextInt(held.size())));
    }
  }

  private List<Long> needed() {
    List<Long> txids = new ArrayList<>(List.of(durableTxid, versions.current().txid()));
    held.forEach(version -> txids.add(version.txid()));
    return txids;
  }

  private BitSet pagesOf(List<Long> txids) {
    BitSet pages = new BitSet();
    txids.forEach(txid -> pages.or(pagesOf.get(txid)));
    return pages;
  }

  private BitSet heldOnly() {
    List<Long> txids = held.stream().map(Version::txid).toList();
    BitSet pages = pagesOf(txids);
    pages.andNot(pagesOf.get(versions.current().txid()));
    if (!txids.contains(durableTxid)) {
      pages.andNot(pagesOf.get(durableTxid));
    }
    return pages;
  }

  private void transaction(boolean commits) {
    free.release(versions.release());
    BitSet idle = pagesOf(needed());
    idle.flip(FIRST, (int) free.highWaterPages());
    TreeMap<Integer, Integer> before = new TreeMap<>(nodes);
    BitSet pages = (BitSet) pagesOf.get(versions.current().txid()).clone();
    for (int first : before.keySet()) {
      if (random.nextInt(NODES_MAX) < nodes.size() / 4) {
        int count = nodes.remove(first);
        free.free(first, count);
        pages.clear(first, first + count);
      }
    }
    int made = random.nextInt(6);
    for (int i = 0; i < made; i++) {
      allocate(idle, pages);
    }
    if (commits) {
      commit(pages);
    } else {
      free.takeBack();
      nodes.clear();
      nodes.putAll(before);
    }
  }

  private void allocate(BitSet idle, BitSet pages) {
    int count = random.nextInt(3) == 0 ? 2 + random.nextInt(3) : 1;
    int end = (int) free.highWaterPages();
    int first = free.allocate(count);
    if (first < end) {
      assertTrue(idle.nextClearBit(first) >= first + count, "page " + first + " is needed");
      idle.clear(first, first + count);
      used += count;
    } else {
      assertFalse(hasRun(idle, count), () -> "not used again: " + idle);
    }
    nodes.put(first, count);
    pages.set(first, first + count);
  }

  private static boolean hasRun(BitSet idle, int count) {
    for (int first = idle.nextSetBit(0); first >= 0; ) {
      int end = idle.nextClearBit(first);
      if (end - first >= count) {
        return true;
      }
      first = idle.nextSetBit(end);
    }
    return false;
  }

  /** As the backend does it; a version may be taken hold of at any moment in between. */
  private void commit(BitSet pages) {
    long before = versions.current().txid();
    long txid = before + 1 + random.nextInt(2);
    durable(before);
    changeHolders(6);
    if (random.nextBoolean()) {
      durable(txid);
    }
    pagesOf.put(txid, pages);
    versions.heldPages();
    boolean anyHeld = versions.publish(version(txid), free.freed());
    free.seal(txid, anyHeld);
  }

  private void durable(long txid) {
    durableTxid = txid;
    versions.durableTxid(txid);
  }
}
