package dev.cairn.bbolt;

/**
 * How many more pages one walk may load. Each page has one place in a sound file, so a walk that
 * loads more than there are goes in a circle.
 */
final class PageBudget {
  private final long pagesMax;
  private long left;

  PageBudget(BoltMeta meta) {
    pagesMax = meta.highWaterPages();
    refill();
  }

  void refill() {
    left = pagesMax;
  }

  void spend(Pages pages, long offsetBytes) {
    if (left == 0) {
      throw pages.corrupt(offsetBytes, "pages refer to each other in a circle");
    }
    left--;
  }
}
