package dev.cairn.bbolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The pass that pours: writes each node as the shape closes it. */
final class PouredTree implements ImageTree, TreeShape.Nodes {
  private final PageNumbers numbers;
  private final PageOut out;
  private final int elementFlags;
  private final TreeShape shape;
  private final List<NodeBytes> levels = new ArrayList<>();
  private boolean leafIsOut;

  PouredTree(PageNumbers numbers, PageOut out, int elementFlags) {
    this.numbers = numbers;
    this.out = out;
    this.elementFlags = elementFlags;
    this.shape = new TreeShape(numbers, this);
    levels.add(new NodeBytes(true, elementFlags));
  }

  @Override
  public void put(ByteBuffer key, ByteBuffer value) {
    shape.entry(key.remaining(), value.remaining());
    if (shape.leafBytes() > ImageRules.PAGE_SIZE_BYTES) {
      pourAlone(key, value);
    } else {
      levels.get(0).addEntry(key, value);
    }
  }

  /**
   * An entry that is a leaf alone goes out at once: its value need not be kept, and no other node
   * can close before it does, so the next id is the one that it will get.
   */
  private void pourAlone(ByteBuffer key, ByteBuffer value) {
    long page = numbers.next();
    out.zerosUntil(page);
    out.pageHeader(page, Layout.FLAG_LEAF, 1, ImageRules.pages(shape.leafBytes()) - 1);
    out.leafElement(elementFlags, Layout.ELEMENT_BYTES, key.remaining(), value.remaining());
    out.put(key);
    out.put(value);
    levels.get(0).addEntry(key, ByteBuffer.allocate(0));
    leafIsOut = true;
  }

  @Override
  public void close(int level, long page) {
    NodeBytes node = levels.get(level);
    if (level > 0 || !leafIsOut) {
      out.zerosUntil(page);
      node.write(out, page);
    } else {
      leafIsOut = false;
    }
    node.startNext();
  }

  @Override
  public void adopt(int level, long childPage) {
    if (level == levels.size()) {
      levels.add(new NodeBytes(false, elementFlags));
    }
    levels.get(level).addChild(levels.get(level - 1).closedKey(), childPage);
  }

  @Override
  public ByteBuffer endBucket() {
    if (shape.isInline()) {
      return levels.get(0).inlineHeader();
    }
    ByteBuffer header =
        ByteBuffer.allocate(Layout.BUCKET_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return header.putLong(0, shape.end());
  }

  @Override
  public long endTop() {
    return shape.end();
  }
}
