package dev.cairn.bbolt;

import java.util.ArrayList;
import java.util.List;

/** Lists every bucket of a file, each before those within it. */
final class BucketLister {
  /** Buckets nest this deep at most; a bucket that holds itself would go on for ever. */
  static final int NESTING_MAX = 128;

  private record Entry(String path, BucketHeader header) {}

  private final Pages pages;
  private final PageBudget budget;
  private final List<BoltBucket> found = new ArrayList<>();

  BucketLister(Pages pages) {
    this.pages = pages;
    this.budget = new PageBudget(pages.meta());
  }

  List<BoltBucket> list() {
    List<Entry> top = new ArrayList<>();
    scan("", BucketHeader.ofPage(pages.meta().rootPage()), top);
    top.forEach(entry -> visit(entry, 1));
    return List.copyOf(found);
  }

  private void visit(Entry bucket, int nesting) {
    BucketHeader header = bucket.header();
    if (nesting > NESTING_MAX) {
      throw pages.corrupt(
          pages.offsetBytes(header.rootPage()), "buckets nest deeper than " + NESTING_MAX);
    }
    List<Entry> within = new ArrayList<>();
    long elements = scan(bucket.path(), header, within);
    found.add(
        new BoltBucket(
            bucket.path(), header.rootPage(), header.sequence(), elements, within.size()));
    within.forEach(child -> visit(child, nesting + 1));
  }

  /** Counts the elements of one bucket and collects the buckets among them. */
  private long scan(String path, BucketHeader header, List<Entry> within) {
    if (!header.isInline()) {
      budget.spend(pages, pages.offsetBytes(header.rootPage()));
    }
    TreeCursor cursor = new TreeCursor(pages, header, budget);
    long elements = 0;
    for (boolean on = cursor.first(); on; on = cursor.next()) {
      elements++;
      Page leaf = cursor.leaf();
      if (leaf.isBucket(cursor.index())) {
        String childPath = BucketPath.of(path, leaf.key(cursor.index()));
        within.add(new Entry(childPath, leaf.bucket(cursor.index())));
      }
    }
    return elements;
  }
}
