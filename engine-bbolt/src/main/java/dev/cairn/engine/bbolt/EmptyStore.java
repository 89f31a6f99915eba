package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltMeta;
import dev.cairn.engine.support.Identity;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** A new file as bbolt makes it: two metas, an empty freelist, and an empty top level. */
final class EmptyStore {
  private static final int FREELIST_PAGE = 2;
  private static final int ROOT_PAGE = 3;
  private static final int PAGES = 4;

  private EmptyStore() {}

  static ByteBuffer bytes(BboltOptions options, Identity identity) {
    int sizeBytes = options.pageSizeBytes();
    boolean stored = options.storesFreelist().orElse(true);
    ByteBuffer file = ByteBuffer.allocate(PAGES * sizeBytes);
    for (int txid = 0; txid < 2; txid++) {
      BoltMeta meta =
          new BoltMeta(
              sizeBytes, ROOT_PAGE, 0, stored ? FREELIST_PAGE : BoltMeta.NO_FREELIST, PAGES, txid);
      file.put(MetaTail.page(meta, txid, identity));
    }
    file.put(Freelist.encode(new BitSet(), FREELIST_PAGE, 1, sizeBytes));
    byte[] root = new byte[sizeBytes];
    Draft.leaf(0, 0).encode(root, ROOT_PAGE, 1);
    return file.put(root).flip();
  }
}
