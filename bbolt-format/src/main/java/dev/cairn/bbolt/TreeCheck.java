package dev.cairn.bbolt;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Goes through every page that the root leads to, each once. It keeps a stack of its own, so that
 * no depth of trees and buckets can exhaust the thread's.
 */
final class TreeCheck {
  /** Pages on the way from the root of the file, through nested buckets, down to a leaf. */
  static final int STACK_MAX = 512;

  /** A page of which the elements are being looked at, and where its keys must lie. */
  private static final class Frame {
    private final Page page;
    private final String bucket;
    private final boolean inline;
    private final byte[] least;
    private final byte[] below;
    private int next;
    private int lastSound = -1;

    Frame(Page page, String bucket, boolean inline, byte[] least, byte[] below) {
      this.page = page;
      this.bucket = bucket;
      this.inline = inline;
      this.least = least;
      this.below = below;
    }
  }

  private static final String TOP = "";

  private final Pages pages;
  private final Findings findings;
  private final PageSet free;
  private final PageSet reached;
  private final Deque<Frame> stack = new ArrayDeque<>();
  private long buckets;
  private long entries;

  TreeCheck(Pages pages, Findings findings, PageSet free, PageSet reached) {
    this.pages = pages;
    this.findings = findings;
    this.free = free;
    this.reached = reached;
  }

  long buckets() {
    return buckets;
  }

  long entries() {
    return entries;
  }

  void run() {
    enter(pages.meta().rootPage(), TOP, null, null, true);
    while (!stack.isEmpty()) {
      Frame frame = stack.peek();
      if (frame.next == frame.page.count()) {
        stack.pop();
      } else {
        int index = frame.next++;
        tolerating(frame, () -> element(frame, index));
      }
    }
  }

  /** Damage is a finding here; that the file cannot be read is not. */
  private boolean tolerating(Frame frame, Runnable step) {
    try {
      step.run();
      return true;
    } catch (StorageException e) {
      if (e.code() != Code.CORRUPT) {
        throw e;
      }
      findings.add(inBucket(frame) + BoltChecker.withoutPath(e, pages.path()));
      return false;
    }
  }

  private static String inBucket(Frame frame) {
    return frame == null || frame.bucket.equals(TOP) ? "" : "bucket " + frame.bucket + ": ";
  }

  private void finding(Frame frame, int index, String what) {
    String where = frame.inline ? "inline page" : "page " + frame.page.id();
    findings.add(inBucket(frame) + where + ": element " + index + " " + what);
  }

  private void enter(long id, String bucket, byte[] least, byte[] below, boolean root) {
    Frame parent = stack.peek();
    if (stack.size() == STACK_MAX) {
      findings.add(inBucket(parent) + "page " + id + ": nested too deep to be looked at");
      reached.add(id);
      return;
    }
    if (!tolerating(parent, () -> pages.load(id))) {
      reached.add(id);
      return;
    }
    Page page = pages.load(id);
    long count = page.overflow() + 1;
    if (free.containsAny(id, count)) {
      findings.add("page " + id + ": in use and in the freelist");
    }
    if (!reached.addAll(id, count)) {
      findings.add("page " + id + ": referred to more than once");
      return;
    }
    if (page.count() == 0 && !(root && page.isLeaf())) {
      findings.add("page " + id + ": has no elements");
    }
    stack.push(new Frame(page, bucket, false, least, below));
  }

  private void element(Frame frame, int index) {
    Page page = frame.page;
    long startBytes = page.startBytes(index);
    if (frame.lastSound >= 0 && startBytes < page.endBytes(frame.lastSound)) {
      finding(frame, index, "lies over element " + frame.lastSound);
      return;
    }
    order(frame, index);
    frame.lastSound = index;
    if (page.isLeaf()) {
      leafElement(frame, index);
    } else {
      byte[] below = index + 1 < page.count() ? nextKey(frame, index + 1) : frame.below;
      enter(page.child(index), frame.bucket, page.key(index), below, false);
    }
  }

  /** The bound that the next element sets, unless that is damaged, which is found in its turn. */
  private static byte[] nextKey(Frame frame, int index) {
    try {
      return frame.page.key(index);
    } catch (StorageException e) {
      return frame.below;
    }
  }

  private void order(Frame frame, int index) {
    Page page = frame.page;
    if (frame.lastSound >= 0 && page.compareKey(index, page, frame.lastSound) <= 0) {
      finding(frame, index, "has a key that is not above the one before it");
    }
    if (frame.least != null && page.compareKey(index, frame.least) < 0) {
      finding(frame, index, "has a key below the one that its parent gives");
    }
    if (frame.below != null && page.compareKey(index, frame.below) >= 0) {
      finding(frame, index, "has a key that belongs into a later page");
    }
  }

  private void leafElement(Frame frame, int index) {
    if (!frame.page.isBucket(index)) {
      entries++;
      if (frame.bucket.equals(TOP)) {
        finding(frame, index, "is a key beside the top-level buckets");
      }
      return;
    }
    buckets++;
    String path = BucketPath.of(frame.bucket, frame.page.key(index));
    if (frame.inline) {
      finding(frame, index, "is a bucket within an inline bucket");
      return;
    }
    BucketHeader header = frame.page.bucket(index);
    if (header.isInline()) {
      enterInline(path, header);
      return;
    }
    if (frame.page.valueBytes(index) != Layout.BUCKET_HEADER_BYTES) {
      finding(frame, index, "is a bucket's header of " + frame.page.valueBytes(index) + " bytes");
    }
    enter(header.rootPage(), path, null, null, true);
  }

  private void enterInline(String path, BucketHeader header) {
    Page page = header.root(pages);
    int bytesMax = pages.meta().pageSizeBytes() / 4;
    if (header.inlineBytes() > bytesMax) {
      findings.add(
          "bucket %s: inline with %d bytes, over %d"
              .formatted(path, header.inlineBytes(), bytesMax));
    }
    if (page.id() != 0) {
      findings.add("bucket " + path + ": its inline page has an id");
    }
    stack.push(new Frame(page, path, true, null, null));
  }
}
