package dev.cairn.bbolt;

import dev.cairn.spi.Bucket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Image rules v1 once more, as lists in memory, with no line shared with the builder: first all
 * levels are cut into nodes, then ids are given in the order of closing, then pages are drawn.
 */
final class NaiveImage {
  private static final int PAGE = 4096;

  /** A leaf's entry; for a branch the value is the child. */
  private static final class Element {
    final byte[] key;
    byte[] value;
    Node child;

    Element(byte[] key, byte[] value, Node child) {
      this.key = key;
      this.value = value;
      this.child = child;
    }

    int size() {
      return 16 + key.length + (child == null ? value.length : 0);
    }
  }

  /** A node with its place on its level. */
  private static final class Node {
    final List<Element> elements;
    final int place;
    long id;
    Node firstParent;

    Node(List<Element> elements, int place) {
      this.elements = elements;
      this.place = place;
    }

    int size() {
      return 16 + elements.stream().mapToInt(Element::size).sum();
    }
  }

  /** All nodes of a tree, level by level from the leaves. */
  private static final class Tree {
    final List<List<Node>> levels = new ArrayList<>();
    final int flags;

    Tree(List<Element> entries, int flags) {
      this.flags = flags;
      levels.add(cut(entries, 1));
      while (last().size() > 1) {
        List<Element> children = new ArrayList<>();
        for (Node node : last()) {
          children.add(new Element(node.elements.get(0).key, null, node));
        }
        List<Node> above = cut(children, 2);
        above.forEach(node -> node.elements.get(0).child.firstParent = node);
        levels.add(above);
      }
    }

    List<Node> last() {
      return levels.get(levels.size() - 1);
    }

    Node root() {
      return last().get(0);
    }

    private static List<Node> cut(List<Element> elements, int least) {
      List<Node> nodes = new ArrayList<>();
      List<Element> current = new ArrayList<>();
      int size = 16;
      for (Element element : elements) {
        if (current.size() >= least && size + element.size() > PAGE) {
          nodes.add(new Node(current, nodes.size()));
          current = new ArrayList<>();
          size = 16;
        }
        current.add(element);
        size += element.size();
      }
      nodes.add(new Node(current, nodes.size()));
      return nodes;
    }
  }

  private final List<Node> closed = new ArrayList<>();
  private final List<Tree> trees = new ArrayList<>();
  private long nextId = 2;

  static byte[] of(MemoryContent content) {
    return new NaiveImage().build(content.buckets());
  }

  private byte[] build(NavigableMap<Bucket, NavigableMap<byte[], byte[]>> buckets) {
    List<Tree> bucketTrees = new ArrayList<>();
    List<Element> headers = new ArrayList<>();
    for (Map.Entry<Bucket, NavigableMap<byte[], byte[]>> bucket : buckets.entrySet()) {
      List<Element> entries = new ArrayList<>();
      bucket.getValue().forEach((key, value) -> entries.add(new Element(key, value, null)));
      Tree tree = new Tree(entries, 0);
      bucketTrees.add(tree);
      boolean inline = tree.levels.size() == 1 && tree.root().size() <= 1024;
      int headerBytes = inline ? 16 + tree.root().size() : 16;
      headers.add(new Element(bucket.getKey().name(), new byte[headerBytes], null));
    }
    Tree top = new Tree(headers, 1);
    number(bucketTrees, headers, top);
    return draw(top);
  }

  /** A node that is not the last of its level closes when the first child of the next one did. */
  private void number(List<Tree> bucketTrees, List<Element> headers, Tree top) {
    int leaf = 0;
    for (int i = 0; i < headers.size(); i++) {
      Tree tree = bucketTrees.get(i);
      byte[] header = headers.get(i).value;
      if (header.length == 16) {
        trees.add(tree);
        tree.levels.get(0).subList(0, tree.levels.get(0).size()).forEach(n -> close(tree, 0, n));
        closeLast(tree);
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(tree.root().id);
      } else {
        byte[] page = page(tree.root(), 0, true, 0);
        System.arraycopy(page, 0, header, 16, header.length - 16);
      }
      List<Node> leaves = top.levels.get(0);
      boolean startsLeaf =
          leaf + 1 < leaves.size() && leaves.get(leaf + 1).elements.get(0) == headers.get(i);
      if (startsLeaf) {
        close(top, 0, leaves.get(leaf));
        leaf++;
      }
    }
    trees.add(top);
    close(top, 0, top.levels.get(0).get(leaf));
    closeLast(top);
  }

  private void close(Tree tree, int level, Node node) {
    node.id = nextId;
    nextId += (node.size() + PAGE - 1) / PAGE;
    closed.add(node);
    Node parent = node.firstParent;
    if (parent != null && parent.place > 0) {
      close(tree, level + 1, tree.levels.get(level + 1).get(parent.place - 1));
    }
  }

  /** The last leaf has closed; now the last node of each level above does. */
  private void closeLast(Tree tree) {
    for (int level = 1; level < tree.levels.size(); level++) {
      List<Node> nodes = tree.levels.get(level);
      close(tree, level, nodes.get(nodes.size() - 1));
    }
  }

  private byte[] draw(Tree top) {
    byte[] file = new byte[(int) (nextId * PAGE)];
    for (int i = 0; i < 2; i++) {
      ByteBuffer meta =
          ByteBuffer.wrap(file, i * PAGE, PAGE).slice().order(ByteOrder.LITTLE_ENDIAN);
      meta.putLong(i).putInt(4).putInt(0).putInt(0xED0CDAED).putInt(2).putInt(PAGE).putInt(0);
      meta.putLong(top.root().id).putLong(0).putLong(-1).putLong(nextId).putLong(2 - i);
      long sum = 0xcbf29ce484222325L;
      for (int at = 16; at < 72; at++) {
        sum = (sum ^ (meta.get(at) & 0xff)) * 0x100000001b3L;
      }
      meta.putLong(sum);
    }
    for (Tree tree : trees) {
      for (int level = 0; level < tree.levels.size(); level++) {
        for (Node node : tree.levels.get(level)) {
          byte[] page = page(node, node.id, level == 0, tree.flags);
          System.arraycopy(page, 0, file, (int) node.id * PAGE, page.length);
        }
      }
    }
    return file;
  }

  private static byte[] page(Node node, long id, boolean leaf, int flags) {
    ByteBuffer page = ByteBuffer.allocate(node.size()).order(ByteOrder.LITTLE_ENDIAN);
    int overflow = (node.size() + PAGE - 1) / PAGE - 1;
    page.putLong(id).putShort((short) (leaf ? 2 : 1)).putShort((short) node.elements.size());
    page.putInt(overflow);
    int data = 16 + 16 * node.elements.size();
    for (int i = 0; i < node.elements.size(); i++) {
      Element element = node.elements.get(i);
      int pos = data - (16 + 16 * i);
      if (leaf) {
        page.putInt(flags).putInt(pos).putInt(element.key.length).putInt(element.value.length);
      } else {
        page.putInt(pos).putInt(element.key.length).putLong(element.child.id);
      }
      data += element.key.length + (leaf ? element.value.length : 0);
    }
    for (Element element : node.elements) {
      page.put(element.key);
      if (leaf) {
        page.put(element.value);
      }
    }
    return page.array();
  }
}
