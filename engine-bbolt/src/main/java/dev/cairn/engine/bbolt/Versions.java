package dev.cairn.engine.bbolt;

import java.util.Map;
import java.util.TreeMap;

/** The newest version and those that views and snapshots hold. Thread-safe. */
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

  Versions(Version current) {
    this.current = current;
  }

  Version current() {
    return current;
  }

  /** Everybody who asks from now on gets this one. */
  synchronized void publish(Version version) {
    current = version;
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

  /** What transactions up to this one have freed, nobody holds. */
  synchronized long releasableTxid() {
    return held.isEmpty() ? Long.MAX_VALUE : held.firstKey();
  }

  /** How many pages were freed since the oldest that is held. */
  synchronized long heldPages() {
    Map.Entry<Long, Held> oldest = held.firstEntry();
    return oldest == null ? 0 : current.freedPages() - oldest.getValue().version.freedPages();
  }
}
