package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltMeta;

/** The metas of a copy that bbolt makes of a live file: both of the copied version. */
final class HotCopy {
  private HotCopy() {}

  /**
   * Page 0 has the version's own txid, whatever its parity, and page 1 the one before. Before txid
   * 0, which a new file has beside its damaged twin, there is none.
   */
  static BoltMeta meta(BoltMeta version, int which) {
    long txid = version.txid() == 0 ? 1 : version.txid();
    return new BoltMeta(
        version.pageSizeBytes(),
        version.rootPage(),
        version.sequence(),
        version.freelistPage(),
        version.highWaterPages(),
        txid - which);
  }
}
