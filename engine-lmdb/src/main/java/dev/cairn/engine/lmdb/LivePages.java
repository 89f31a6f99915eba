package dev.cairn.engine.lmdb;

/** Counts the pages that the trees of a version use, from what their heads say. */
final class LivePages {
  private LivePages() {}

  /** With the meta pages and the free tree. */
  static long count(Version version) {
    return compact(version) + version.meta().free().pages();
  }

  /** With the meta pages, without the free tree: what a compact image needs. */
  static long compact(Version version) {
    TreeHead head = version.meta().main();
    long pages = Meta.COUNT + head.pages();
    TreeCursor main = new TreeCursor(version, head);
    while (main.next()) {
      if (main.leaf().isSubTree()) {
        pages += main.leaf().subTree().pages();
      }
    }
    return pages;
  }
}
