package dev.cairn.bbolt;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;

/** One check of one file. */
final class FileCheck {
  private final BoltFile file;
  private final Pages pages;
  private final long highWater;
  private final Findings findings = new Findings();
  private final PageSet free = new PageSet();
  private final PageSet reached = new PageSet();
  private boolean freeIsKnown;

  FileCheck(BoltFile file) {
    this.file = file;
    this.pages = file.newPages();
    this.highWater = file.meta().highWaterPages();
  }

  BoltReport run() {
    if (highWater > Integer.MAX_VALUE) {
      throw StorageException.of(
          Code.LIMIT, file.path(), highWater + " pages are more than a check can remember");
    }
    reached.addAll(0, Layout.FIRST_PAGE);
    metas();
    if (file.meta().freelistPage() != Layout.NO_FREELIST) {
      freelist();
    }
    TreeCheck trees = new TreeCheck(pages, findings, free, reached);
    trees.run();
    long pagesFree = freeIsKnown ? free.size() : highWater - reached.size();
    if (freeIsKnown) {
      lostPages();
    }
    return new BoltReport(
        findings.lines(), trees.buckets(), trees.entries(), reached.size(), pagesFree);
  }

  private void metas() {
    for (int which = 0; which < Layout.FIRST_PAGE; which++) {
      String problem = file.metas().problem(which);
      if (problem != null) {
        findings.add("meta page " + which + ": " + problem);
      }
      PageHeader header =
          PageHeader.of(pages.bytes(pages.offsetBytes(which), Layout.PAGE_HEADER_BYTES));
      if (header.id() != which || header.flags() != Layout.FLAG_META) {
        findings.add(
            "meta page %d: its header says that it is page %s and %s"
                .formatted(which, Long.toUnsignedString(header.id()), header.type()));
      }
    }
  }

  private void freelist() {
    try {
      Freelist list = Freelist.read(pages);
      reached.addAll(list.page(), list.pageCount());
      list.forEach(this::freePage);
      freeIsKnown = true;
    } catch (StorageException e) {
      if (e.code() != Code.CORRUPT) {
        throw e;
      }
      reached.add(file.meta().freelistPage());
      findings.add("freelist: " + BoltChecker.withoutPath(e, file.path()));
    }
  }

  private void freePage(long page) {
    if (!Pages.inside(page, highWater)) {
      findings.add("freelist: holds page " + Long.toUnsignedString(page) + ", outside the file");
    } else if (!free.add(page)) {
      findings.add("freelist: holds page " + page + " twice");
    } else if (reached.contains(page)) {
      findings.add("freelist: holds page " + page + ", which is its own");
    }
  }

  private void lostPages() {
    for (long from = reached.nextInNeither(0, free); from < highWater; ) {
      long end = reached.nextInEither(from, free, highWater);
      findings.add(
          end == from + 1
              ? "page " + from + ": neither in use nor free"
              : "pages " + from + " to " + (end - 1) + ": neither in use nor free");
      from = reached.nextInNeither(end, free);
    }
  }
}
