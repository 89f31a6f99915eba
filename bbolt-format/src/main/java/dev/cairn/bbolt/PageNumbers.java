package dev.cairn.bbolt;

/** Hands out page ids in rising order. */
final class PageNumbers {
  private long next = Layout.FIRST_PAGE;

  /** The id that the next node to close will get; so far the high water. */
  long next() {
    return next;
  }

  long take(long pages) {
    long id = next;
    next += pages;
    return id;
  }
}
