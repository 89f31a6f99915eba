package dev.cairn.snapshot;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A content as maps of texts, one character a byte, to be compared, changed and shown.
 *
 * @param buckets each with its entries
 */
record PlainContent(SortedMap<String, SortedMap<String, String>> buckets) {
  private static final int BUCKET = 1;

  static PlainContent of(ReadView view) {
    PlainContent content = new PlainContent(new TreeMap<>());
    for (Bucket bucket : view.buckets()) {
      SortedMap<String, String> entries = content.bucket(text(ByteBuffer.wrap(bucket.name())));
      try (Cursor cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          entries.put(text(cursor.key()), text(cursor.value()));
        }
      }
    }
    return content;
  }

  /** Reads the form that content hash v1 is taken of. */
  static PlainContent parse(ByteBuffer framed) {
    PlainContent content = new PlainContent(new TreeMap<>());
    SortedMap<String, String> entries = null;
    while (framed.hasRemaining()) {
      if (framed.get() == BUCKET) {
        entries = content.bucket(field(framed));
      } else {
        String key = field(framed);
        entries.put(key, field(framed));
      }
    }
    return content;
  }

  private static String field(ByteBuffer framed) {
    int length = framed.getInt();
    String text = text(framed.slice(framed.position(), length));
    framed.position(framed.position() + length);
    return text;
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }

  PlainContent copy() {
    PlainContent copy = new PlainContent(new TreeMap<>());
    buckets.forEach((name, entries) -> copy.bucket(name).putAll(entries));
    return copy;
  }

  /** The entries of a bucket, which is made where it is absent. */
  SortedMap<String, String> bucket(String name) {
    return buckets.computeIfAbsent(name, absent -> new TreeMap<>());
  }
}
