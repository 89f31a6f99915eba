package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltFile;
import dev.cairn.bbolt.BoltMeta;
import dev.cairn.engine.support.Identity;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What the two meta pages say.
 *
 * @param current the newer one that is sound
 * @param which the page that it stands in
 * @param identity the store's; a fresh one where neither page holds one
 * @param ours whether Cairn wrote the current one
 */
record Metas(BoltMeta current, int which, Identity identity, boolean ours) {
  /** Magic to txid: what two copies of a meta have in common whatever page they stand in. */
  private static final int BODY_AT = 16;

  static Metas read(Disk disk, Path path, DiskFile file, long sizeBytes) {
    BoltMeta current;
    try (BoltFile bolt = BoltFile.open(disk, path, sizeBytes)) {
      current = bolt.meta();
    }
    if (current.txid() < 0) {
      throw StorageException.of(
          Code.CORRUPT,
          path,
          "has transaction number %s, the next ones would not count"
              .formatted(Long.toUnsignedString(current.txid())));
    }
    byte[][] pages = {page(file, 0, current), page(file, 1, current)};
    int which = holds(pages[0], current) ? 0 : 1;
    byte[] identity = MetaTail.identity(pages[which]);
    boolean ours = identity != null && MetaTail.txid(pages[which]) == current.txid();
    if (identity == null) {
      identity = MetaTail.identity(pages[1 - which]);
    }
    return new Metas(
        current,
        which,
        identity == null
            ? Identity.fresh(BboltEngine.FORMAT_VERSION)
            : Identity.decode(identity, BboltEngine.FORMAT_VERSION, path),
        ours);
  }

  private static byte[] page(DiskFile file, int which, BoltMeta current) {
    byte[] page = new byte[Layout.PAGE_SIZE_MIN];
    file.readFully((long) which * current.pageSizeBytes(), ByteBuffer.wrap(page));
    return page;
  }

  private static boolean holds(byte[] page, BoltMeta meta) {
    int end = BoltMeta.ENCODED_BYTES;
    return Arrays.equals(page, BODY_AT, end, meta.encode(0), BODY_AT, end);
  }
}
