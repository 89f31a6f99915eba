package dev.cairn.engine.bbolt;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies sorted changes to one tree: goes once down every path that is touched and makes new nodes
 * on the way back. Nodes that shrank are joined with a neighbour, long ones are cut, and each gets
 * its page when its parent is made. Nodes that nothing touched stay where they are.
 */
final class TreeWriter {
  /**
   * Children on the way into their new parent: a node being made, or those of a page that stay,
   * from one index to before another.
   */
  private record Link(Draft draft, Page parent, int from, int to) {
    static Link of(Draft draft) {
      return new Link(draft, null, 0, 1);
    }

    int size() {
      return to - from;
    }
  }

  private final Staging staging;
  private final PageStore pages;
  private final Edits edits;
  private final int inlineBytesMax;

  /**
   * @param inlineBytesMax up to which size a tree of one leaf gets no page of its own
   */
  TreeWriter(Staging staging, Edits edits, int inlineBytesMax) {
    this.staging = staging;
    this.pages = staging.pages();
    this.edits = edits;
    this.inlineBytesMax = inlineBytesMax;
  }

  /** The tree after the changes, or null when they change nothing. */
  BucketRoot apply(BucketRoot before) {
    Draft top = rewrite(before.root(pages), 0, edits.size(), 0, true);
    return top == null ? null : root(top, before.sequence());
  }

  /** A new tree. */
  BucketRoot make() {
    Draft leaf = Draft.leaf(edits.flags(), edits.size());
    for (int i = 0; i < edits.size(); i++) {
      if (edits.value(i) != null) {
        leaf.add(edits.key(i), edits.value(i));
      }
    }
    leaf.append(true);
    return root(leaf, 0);
  }

  private BucketRoot root(Draft top, long sequence) {
    Draft node = top.count() == 0 ? Draft.leaf(edits.flags(), 0) : top;
    while (true) {
      if (!node.isLeaf() && node.count() == 1) {
        return BucketRoot.ofPage(node.child(0), sequence);
      }
      if (node.isLeaf() && node.sizeBytes() <= inlineBytesMax) {
        return inline(node, sequence);
      }
      List<Draft> pieces = node.split(staging.pageSizeBytes());
      if (pieces.size() == 1) {
        return BucketRoot.ofPage(staging.seal(node), sequence);
      }
      Draft parent = Draft.branch(pieces.size());
      pieces.forEach(piece -> parent.add(piece, staging.seal(piece)));
      parent.append(node.isAppended());
      node = parent;
    }
  }

  private BucketRoot inline(Draft leaf, long sequence) {
    byte[] bytes = new byte[(int) leaf.sizeBytes()];
    leaf.encode(bytes, 0, 0);
    return new BucketRoot(0, sequence, new Page(pages, 0, 0, bytes, true));
  }

  /**
   * Applies the changes from one to before another to the tree under a page.
   *
   * @param last whether nothing of the whole tree is behind that page
   * @return what takes the page's place, or null when nothing changes
   */
  private Draft rewrite(Page page, int from, int to, int depth, boolean last) {
    return page.isLeaf() ? leaf(page, from, to, last) : branch(page, from, to, depth, last);
  }

  private Draft leaf(Page page, int from, int to, boolean last) {
    Draft draft = Draft.leaf(edits.flags(), page.count() + to - from);
    int next = 0;
    boolean changed = false;
    boolean appended = last;
    for (int i = from; i < to; i++) {
      int at = page.firstNotLess(edits.key(i), next);
      draft.add(page, next, at);
      boolean there = page.isAt(at, edits.key(i));
      next = there ? at + 1 : at;
      appended &= at == page.count();
      if (edits.value(i) != null) {
        draft.add(edits.key(i), edits.value(i));
        changed = true;
      } else if (there) {
        draft.shrink();
        changed = true;
      }
      if (there) {
        checkKind(page, at);
      }
    }
    if (!changed) {
      return null;
    }
    draft.add(page, next, page.count());
    draft.append(appended);
    staging.retire(page);
    return draft;
  }

  /** A name is a key or a bucket, and is never replaced by the other. */
  private void checkKind(Page page, int index) {
    if (page.elementFlags(index) != edits.flags()) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          pages.path(),
          "holds bucket " + Names.of(page.key(index)) + " within a bucket; only bbolt keeps that");
    }
  }

  private Draft branch(Page page, int from, int to, int depth, boolean last) {
    List<Link> links = new ArrayList<>();
    boolean changed = false;
    boolean appended = last;
    int next = 0;
    for (int i = from; i < to; ) {
      int child = page.childIndex(edits.key(i));
      boolean isLast = child + 1 == page.count();
      int end = isLast ? to : edits.firstNotLess(page, child + 1, i + 1, to);
      keep(links, page, next, child);
      Page below = pages.child(page, child, depth + 1);
      Draft draft = rewrite(below, i, end, depth + 1, last && isLast);
      if (draft == null) {
        keep(links, page, child, child + 1);
      } else {
        changed = true;
        appended &= isLast;
        if (draft.count() > 0) {
          links.add(Link.of(draft));
        }
      }
      next = child + 1;
      i = end;
    }
    if (!changed) {
      return null;
    }
    keep(links, page, next, page.count());
    staging.retire(page);
    return parent(links, page.count(), depth, appended);
  }

  private static void keep(List<Link> links, Page page, int from, int to) {
    if (from < to) {
      links.add(new Link(null, page, from, to));
    }
  }

  private Draft parent(List<Link> links, int countBefore, int depth, boolean appended) {
    join(links, depth);
    if (depth == 0 && links.size() == 1 && links.get(0).draft != null) {
      return links.get(0).draft;
    }
    Draft parent = Draft.branch(countBefore + links.size());
    for (Link link : links) {
      if (link.draft == null) {
        parent.add(link.parent, link.from, link.to);
      } else {
        for (Draft piece : link.draft.split(staging.pageSizeBytes())) {
          parent.add(piece, staging.seal(piece));
        }
      }
    }
    parent.append(appended);
    if (parent.count() < countBefore) {
      parent.shrink();
    }
    return parent;
  }

  /** Puts nodes that have become too small together with a neighbour. */
  private void join(List<Link> links, int depth) {
    for (int i = 0; i < links.size() && links.size() > 1; ) {
      Draft draft = links.get(i).draft;
      if (draft == null || !draft.isUnderfull(staging.pageSizeBytes())) {
        i++;
        continue;
      }
      i += singleOut(links, i);
      int left = Math.max(0, i - 1);
      if (isLong(links.get(left), depth) || isLong(links.get(left + 1), depth)) {
        i++;
        continue;
      }
      Draft joined = open(links.get(left), draft, depth);
      joined.add(open(links.get(left + 1), draft, depth));
      joined.shrink();
      links.set(left, Link.of(joined));
      links.remove(left + 1);
      i = left;
    }
  }

  /** Parts the neighbour to join with from those that stay; returns by how much a link moves. */
  private static int singleOut(List<Link> links, int index) {
    int at = index == 0 ? 1 : index - 1;
    Link link = links.get(at);
    if (link.size() == 1) {
      return 0;
    }
    int cut = index == 0 ? link.from + 1 : link.to - 1;
    links.set(at, new Link(null, link.parent, link.from, cut));
    links.add(at + 1, new Link(null, link.parent, cut, link.to));
    return index == 0 ? 0 : 1;
  }

  /** Whether it is longer than a page, as a large value makes it; such a node is left alone. */
  private boolean isLong(Link link, int depth) {
    return link.draft != null
        ? link.draft.sizeBytes() > staging.pageSizeBytes()
        : pages.child(link.parent, link.from, depth + 1).pageCount() > 1;
  }

  private Draft open(Link link, Draft neighbour, int depth) {
    if (link.draft != null) {
      return link.draft;
    }
    Page page = pages.child(link.parent, link.from, depth + 1);
    if (page.isLeaf() != neighbour.isLeaf()) {
      throw pages.corrupt(page.id(), "page " + page.id() + " is not as deep as its neighbours");
    }
    staging.retire(page);
    return Draft.of(page, edits.flags());
  }
}
