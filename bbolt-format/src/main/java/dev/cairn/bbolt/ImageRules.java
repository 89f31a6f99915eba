package dev.cairn.bbolt;

/**
 * Image rules v1: one content has one image. They never change; other rules would have another
 * name.
 *
 * <ul>
 *   <li>Pages of 4096 bytes. A node's size is 16 and 16 + key + value for each element (a branch
 *       element has no value).
 *   <li>A leaf closes before an entry that would make it exceed a page; so an entry that alone
 *       exceeds one is a leaf alone, with overflow pages. A branch closes likewise, but never with
 *       fewer than two children, except the last of its level.
 *   <li>A level that ends with one node in total is the root. The key of a branch element is the
 *       first key of the child.
 *   <li>Page ids rise in the order of closing, from 2: a node gets its id when it closes, and then
 *       its parent is offered the element.
 *   <li>Buckets are poured in order, and each is offered to the tree of the top level when it ends;
 *       that tree ends last. A bucket of one leaf of at most 1024 bytes is inline; so is an empty
 *       one. An empty store is one empty leaf.
 *   <li>Both metas say the same but for the txid, which is 2 in the first and 1 in the second. No
 *       freelist, sequences 0, and every byte between contents is 0.
 * </ul>
 */
final class ImageRules {
  static final int PAGE_SIZE_BYTES = 4096;
  static final int INLINE_BYTES_MAX = 1024;
  static final int BRANCH_CHILDREN_MIN = 2;
  static final long TXID_FIRST = 2;
  static final long TXID_SECOND = 1;

  private ImageRules() {}

  static long pages(long nodeBytes) {
    return (nodeBytes + PAGE_SIZE_BYTES - 1) / PAGE_SIZE_BYTES;
  }
}
