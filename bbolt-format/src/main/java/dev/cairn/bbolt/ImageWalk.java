package dev.cairn.bbolt;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** The way through a view that both passes take. */
final class ImageWalk {
  private ImageWalk() {}

  /**
   * Puts every bucket of a view into a tree of its own and all of them into that of the top level.
   *
   * @param trees a new tree for the entries of a bucket, or of the top level when there is none
   * @return the root page of the top level
   */
  static long walk(ReadView view, ImageTree top, Function<Bucket, ImageTree> trees) {
    for (Bucket bucket : view.buckets()) {
      ImageTree tree = trees.apply(bucket);
      try (Cursor cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          tree.put(cursor.key(), cursor.value());
        }
      }
      top.put(ByteBuffer.wrap(bucket.name()), tree.endBucket());
    }
    return top.endTop();
  }
}
