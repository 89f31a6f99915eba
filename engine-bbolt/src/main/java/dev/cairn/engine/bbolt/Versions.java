package dev.cairn.engine.bbolt;

import java.util.List;
import java.util.TreeMap;

/**
 * The newest version, those that views and snapshots hold, and the freed pages that these still
 * use. Thread-safe.
 *
 * <p>A node that transaction {@code a} made and {@code f} freed is part of the versions {@code a}
 * to {@code f - 1}. It is kept while one of them is held or is the durable one. It is filed under
 * the newest such version, and looked at again only when that one is not needed any more: versions
 * that are held later are newer than all that was freed by then.
 */
final class Versions {
  private static final class Held {
    private final Version version;
    private int holders;

    Held(Version version) {
      this.version = version;
    }
  }

  private final TreeMap<Long, Held> held = new TreeMap<>();
  private volatile Version current;

  /** The newest version that a power cut cannot take away; it may be fallen back to. */
  private long durableTxid;

  /** By the newest version that uses them. */
  private final TreeMap<Long, Runs> kept = new TreeMap<>();

  /** Pages that no version uses which anybody may come to. */
  private Runs loose = new Runs();

  /**
   * @param current is durable
   */
  Versions(Version current) {
    this.current = current;
    durableTxid = current.txid();
  }

  Version current() {
    return current;
  }

  synchronized long durableTxid() {
    return durableTxid;
  }

  /**
   * Said once it is sure; numbers only rise. A commit makes the version before it durable first.
   */
  synchronized void durableTxid(long txid) {
    durableTxid = txid;
  }

  /**
   * Everybody who asks from now on gets this one.
   *
   * @param freed what it uses no more, and the one before did
   * @return whether any older one is held
   */
  synchronized boolean publish(Version version, Runs freed) {
    kept.put(current.txid(), freed);
    current = version;
    return !held.isEmpty();
  }

  /** Takes hold of the newest one. */
  synchronized Version hold() {
    Held entry = held.computeIfAbsent(current.txid(), txid -> new Held(current));
    entry.holders++;
    return entry.version;
  }

  synchronized void letGo(Version version) {
    Held entry = held.get(version.txid());
    entry.holders--;
    if (entry.holders == 0) {
      held.remove(version.txid());
    }
  }

  /** Hands over the pages that need not be kept any more. */
  synchronized Runs release() {
    settle();
    Runs released = loose;
    loose = new Runs();
    return released;
  }

  /** How many freed pages are kept because of versions that are held. */
  synchronized long heldPages() {
    settle();
    return kept.entrySet().stream()
        .filter(entry -> held.containsKey(entry.getKey()))
        .mapToLong(entry -> entry.getValue().pages())
        .sum();
  }

  /** The durable version is never older than one under which pages are filed. */
  private void settle() {
    for (long txid : List.copyOf(kept.keySet())) {
      if (txid != durableTxid && !held.containsKey(txid)) {
        Long older = held.lowerKey(txid);
        file(kept.remove(txid), older == null ? -1 : older);
      }
    }
  }

  /**
   * @param txid the newest version that may need them, -1 if none does
   */
  private void file(Runs runs, long txid) {
    for (int i = 0; i < runs.size(); i++) {
      if (runs.birthTxid(i) <= txid) {
        kept.computeIfAbsent(txid, absent -> new Runs()).add(runs, i);
      } else {
        loose.add(runs, i);
      }
    }
  }
}
