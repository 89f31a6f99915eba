package dev.cairn.engine.lmdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Only the pages in use, numbered anew: children before their parents and the root of the main tree
 * last, so that one forward pass does. Its size follows from what the heads of the trees say, and
 * trees that are larger or smaller than they say are corrupt. Free space within pages is zeroed.
 */
final class CompactImage implements Image {
  private final Version version;
  private final long pages;

  /**
   * @param pages as {@link LivePages#compact} counts them
   */
  CompactImage(Version version, long pages) {
    this.version = version;
    this.pages = pages;
  }

  @Override
  public long sizeBytes() {
    return pages * version.pageSizeBytes();
  }

  @Override
  public void writeTo(ImageOutput out) throws IOException {
    long last = pages - 1;
    Meta meta = version.meta();
    TreeHead free =
        new TreeHead(meta.pageSizeBytes(), meta.free().flags(), 0, 0, 0, 0, 0, TreeHead.NO_ROOT);
    TreeHead main = meta.main().withRoot(last);
    RawImage.writeMetas(new Meta(meta.pageSizeBytes(), 0, free, main, last, 1), out);
    Pass pass = new Pass(out);
    pass.tree(meta.main());
    if (pass.next != pages) {
      throw version.corrupt(
          0, "its trees have " + pass.next + " pages, and their heads say " + pages);
    }
  }

  /** The one pass: hands out page numbers as pages are written. */
  private final class Pass {
    private final ImageOutput out;
    private long next = Meta.COUNT;

    Pass(ImageOutput out) {
      this.out = out;
    }

    /** Writes a tree; returns where its root is now. */
    long tree(TreeHead head) throws IOException {
      if (head.isEmpty()) {
        return TreeHead.NO_ROOT;
      }
      Page[] levels = new Page[head.depth()];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = version.newPage();
      }
      return page(head.root(), levels, 0);
    }

    private long page(long number, Page[] levels, int level) throws IOException {
      if (level >= levels.length || next >= pages) {
        throw version.corrupt(number, "page " + number + " is one more than its tree says it has");
      }
      Page page = levels[level];
      version.load(number, level == levels.length - 1, page);
      for (int i = 0; i < page.count(); i++) {
        page.select(i);
        if (page.isLeaf()) {
          entry(page);
        } else {
          page.setChild(page(page.child(), levels, level + 1));
        }
      }
      page.renumber(next);
      out.room(version.pageSizeBytes()).put(page.own());
      return next++;
    }

    private void entry(Page leaf) throws IOException {
      if (leaf.isBig()) {
        leaf.setOverflowPage(overflow(leaf.overflowPage(), leaf.valueBytes()));
      } else if (leaf.isSubTree()) {
        leaf.setRoot(tree(leaf.subTree()));
      }
    }

    private long overflow(long first, int valueBytes) throws IOException {
      long count = version.overflowCount(first, valueBytes);
      long number = next;
      for (long i = 0; i < count; i++) {
        ByteBuffer chunk = out.room(version.pageSizeBytes());
        ByteBuffer page = chunk.slice(chunk.position(), version.pageSizeBytes());
        version.source().read((first + i) * version.pageSizeBytes(), page);
        if (i == 0) {
          page.order(ByteOrder.LITTLE_ENDIAN).putLong(0, number);
        }
        chunk.position(chunk.position() + version.pageSizeBytes());
      }
      next += count;
      return number;
    }
  }
}
