package dev.cairn.bbolt;

import java.nio.ByteBuffer;

/** A tree that takes its entries in the order of their keys. Buffers are read and not kept. */
interface ImageTree {
  /** Takes the next entry. */
  void put(ByteBuffer key, ByteBuffer value);

  /** Ends a bucket's tree, and gives what stands for it in the tree above. */
  ByteBuffer endBucket();

  /** Ends the tree of the top level, and gives its root page. */
  long endTop();
}
