package dev.cairn.engine.lmdb;

import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Looks at every page of a version before LMDB may: it trusts its file, and damage that a read
 * survives would crash the JVM or write over live pages at the next commit. Checks that pages are
 * what they should be and used once, that keys rise, that entries do not overlap, that the heads
 * count right, and that no free page is in use. Time and reads are linear in the file.
 */
final class ImageCheck {
  private final Version version;
  private final BitSet used = new BitSet();

  ImageCheck(Version version) {
    this.version = version;
  }

  /**
   * Runs it.
   *
   * @throws dev.cairn.spi.StorageException {@code corrupt}, at the first thing found
   */
  void run() {
    use(0, Meta.COUNT);
    tree(version.meta().main(), true);
    free(version.meta().free());
  }

  private void tree(TreeHead head, boolean ofTrees) {
    if (head.flags() != 0) {
      throw version.corrupt(0, "a tree has flags 0x%x".formatted(head.flags()));
    }
    new TreeWalk(head, ofTrees).run();
  }

  /** Each value of the free tree lists pages, largest first, behind their count. */
  private void free(TreeHead head) {
    new TreeWalk(head, false).run();
    TreeCursor cursor = new TreeCursor(version, head);
    while (cursor.next()) {
      freePages(cursor);
    }
  }

  private void freePages(TreeCursor cursor) {
    ByteBuffer list = ByteBuffer.wrap(cursor.value()).order(ByteOrder.LITTLE_ENDIAN);
    long count = cursor.valueNumber();
    if (count < 0 || count > list.capacity() / Long.BYTES - 1) {
      throw version.corrupt(cursor.leaf().number(), "a list of free pages counts wrong");
    }
    long before = Long.MAX_VALUE;
    for (int i = 1; i <= count; i++) {
      long page = list.getLong(i * Long.BYTES);
      if (page < Meta.COUNT || page > version.meta().lastPage() || page >= before) {
        throw version.corrupt(cursor.leaf().number(), "a list of free pages is not in order");
      }
      use(page, 1);
      before = page;
    }
  }

  private void use(long first, long count) {
    int from = Math.toIntExact(first);
    int to = Math.toIntExact(first + count);
    int clash = used.nextSetBit(from);
    if (clash >= 0 && clash < to) {
      throw version.corrupt(clash, "page " + clash + " is used twice");
    }
    used.set(from, to);
  }

  /** One tree, from its root down. */
  private final class TreeWalk {
    private final TreeHead head;
    private final boolean ofTrees;
    private final boolean byNumber;
    private final Page[] levels;
    private long branchPages;
    private long leafPages;
    private long overflowPages;
    private long entries;
    private byte[] lastKey;

    TreeWalk(TreeHead head, boolean ofTrees) {
      this.head = head;
      this.ofTrees = ofTrees;
      byNumber = (head.flags() & Meta.INTEGER_KEY) != 0;
      if (head.depth() > TreeCursor.DEPTH_MAX || head.isEmpty() != (head.depth() == 0)) {
        throw version.corrupt(0, "a tree has an impossible depth of " + head.depth());
      }
      levels = new Page[head.depth()];
      Arrays.setAll(levels, i -> version.newPage());
    }

    void run() {
      if (!head.isEmpty()) {
        page(head.root(), 0, null);
      }
      checkCounts();
    }

    /**
     * @param floor no key of the page may be below it; null for none
     */
    private void page(long number, int level, byte[] floor) {
      Page page = levels[level];
      version.load(number, level == levels.length - 1, page);
      use(number, 1);
      page.checkEntries();
      if (page.isLeaf()) {
        leaf(page, floor);
      } else {
        branch(page, level, floor);
      }
    }

    private void branch(Page page, int level, byte[] floor) {
      branchPages++;
      // LMDB asserts, and so aborts, on a branch with one child everywhere but in the free tree.
      if (page.count() < 2 && !byNumber) {
        throw corrupt(page, "is a branch with one child");
      }
      for (int i = 0; i < page.count(); i++) {
        page.select(i);
        boolean rises = i == 0 || page.compare(lastKey, byNumber) > 0;
        if (!rises) {
          throw corrupt(page, "has keys out of order");
        }
        page(page.child(), level + 1, i == 0 ? floor : page.key());
      }
    }

    private void leaf(Page page, byte[] floor) {
      leafPages++;
      entries += page.count();
      page.select(0);
      boolean rises =
          (floor == null || page.compare(floor, byNumber) >= 0)
              && (lastKey == null || page.compare(lastKey, byNumber) > 0);
      entry(page);
      for (int i = 1; i < page.count(); i++) {
        rises &= page.selectNext(byNumber);
        entry(page);
      }
      if (!rises) {
        throw corrupt(page, "has keys out of order");
      }
      lastKey = page.key();
    }

    private void entry(Page page) {
      if (page.isSubTree() != ofTrees) {
        throw corrupt(page, "has a value of a wrong kind");
      }
      if (ofTrees) {
        tree(page.subTree(), false);
      } else if (page.isBig()) {
        long first = page.overflowPage();
        long count = version.overflowCount(first, page.valueBytes());
        use(first, count);
        overflowPages += count;
      }
    }

    private void checkCounts() {
      boolean right =
          branchPages == head.branchPages()
              && leafPages == head.leafPages()
              && overflowPages == head.overflowPages()
              && entries == head.entries();
      if (!right) {
        throw version.corrupt(0, "a tree's head counts its pages or entries wrong");
      }
    }

    private StorageException corrupt(Page page, String what) {
      return version.corrupt(page.number(), "page " + page.number() + " " + what);
    }
  }
}
