package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltMeta;

/** The metas of a copy that bbolt makes of a live file: both of the copied version. */
final class HotCopy {
  private HotCopy() {}

  /** Page 0 has the version's own txid, whatever its parity, and page 1 the one before. */
  static BoltMeta meta(BoltMeta version, int which) {
    return new BoltMeta(
        version.pageSizeBytes(),
        version.rootPage(),
        version.sequence(),
        version.freelistPage(),
        version.highWaterPages(),
        version.txid() - which);
  }
}
