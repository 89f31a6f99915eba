package dev.cairn.engine.bbolt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A file that real bbolt or etcd wrote, and what an independent parser found in it.
 *
 * @param buckets at any depth, each before those within it
 */
record ForeignFile(String name, int pageSizeBytes, boolean storesFreelist, List<Known> buckets) {
  /**
   * What is known of one bucket.
   *
   * @param crc32c of its keys and plain values
   */
  record Known(String path, long sequence, long elements, long subBuckets, long crc32c) {
    boolean isTop() {
      return !path.contains("/");
    }
  }

  static List<ForeignFile> all() {
    List<ForeignFile> found = new ArrayList<>();
    try (InputStream in = ForeignFile.class.getResourceAsStream("/facts.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        read(line.split(" "), found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static void read(String[] words, List<ForeignFile> found) {
    int last = found.size() - 1;
    if (words[0].equals("file")) {
      found.add(new ForeignFile(words[1], Integer.parseInt(words[2]), false, new ArrayList<>()));
    } else if (words[0].equals("free")) {
      ForeignFile file = found.get(last);
      boolean stored = !words[1].equals("none");
      found.set(last, new ForeignFile(file.name, file.pageSizeBytes, stored, file.buckets));
    } else if (words[0].equals("bucket")) {
      found
          .get(last)
          .buckets
          .add(
              new Known(
                  words[1],
                  Long.parseUnsignedLong(words[3]),
                  Long.parseLong(words[4]),
                  Long.parseLong(words[5]),
                  Long.parseLong(words[6])));
    }
  }

  boolean isNested() {
    return buckets.stream().anyMatch(bucket -> !bucket.isTop());
  }

  byte[] bytes() {
    try (InputStream packed = ForeignFile.class.getResourceAsStream("/" + name + ".gz")) {
      return new GZIPInputStream(packed).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
