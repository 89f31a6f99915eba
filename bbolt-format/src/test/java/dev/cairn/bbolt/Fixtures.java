package dev.cairn.bbolt;

import dev.cairn.io.LocalDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Files that bbolt and etcd wrote, and what an independent parser found in them. */
final class Fixtures {
  /** What is known of one meta page; the freelist's page is -1 when there is none. */
  record Meta(long rootPage, long freelistPage, long highWaterPages, long txid) {}

  /** What is known of one bucket. */
  record KnownBucket(
      String path, long rootPage, long sequence, long elements, long subBuckets, long crc32c) {}

  /** What {@code etcdctl snapshot status} says. */
  record Status(long hash, long revision, long totalKeys, long totalSizeBytes) {}

  /** What is known of one file; free pages are -1 when no list is stored. */
  record Known(
      String name,
      int pageSizeBytes,
      List<Meta> metas,
      List<Long> freePages,
      List<KnownBucket> buckets,
      List<Status> status) {
    Meta newest() {
      return metas.get(metas.get(0).txid() > metas.get(1).txid() ? 0 : 1);
    }

    boolean isEtcd() {
      return !status.isEmpty();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private Fixtures() {}

  static List<Known> all() {
    List<Known> found = new ArrayList<>();
    for (String line : new String(resource("/facts.txt"), StandardCharsets.UTF_8).split("\n")) {
      String[] words = line.split(" ");
      Known last = found.isEmpty() ? null : found.get(found.size() - 1);
      switch (words[0]) {
        case "file" ->
            found.add(
                new Known(
                    words[1],
                    (int) number(words[2]),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>()));
        case "meta" ->
            last.metas.add(
                new Meta(number(words[2]), number(words[3]), number(words[4]), number(words[5])));
        case "free" -> last.freePages.add(number(words[1]));
        case "bucket" ->
            last.buckets.add(
                new KnownBucket(
                    words[1],
                    number(words[2]),
                    number(words[3]),
                    number(words[4]),
                    number(words[5]),
                    number(words[6])));
        case "status" ->
            last.status.add(
                new Status(number(words[1]), number(words[2]), number(words[3]), number(words[4])));
        default -> {}
      }
    }
    return found;
  }

  static List<Known> etcd() {
    return all().stream().filter(Known::isEtcd).toList();
  }

  static Known named(String name) {
    return all().stream().filter(known -> known.name().equals(name)).findFirst().orElseThrow();
  }

  private static long number(String word) {
    return word.equals("none") ? -1 : Long.parseUnsignedLong(word);
  }

  static byte[] bytes(Known known) {
    try (InputStream packed = Fixtures.class.getResourceAsStream("/" + known.name() + ".gz")) {
      return new GZIPInputStream(packed).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unpacks a file into a directory. */
  static Path unpack(Known known, Path directory) {
    return write(directory.resolve(known.name().replace('/', '-')), bytes(known));
  }

  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BoltFile open(Path file) {
    return BoltFile.open(LocalDisk.INSTANCE, file, LocalDisk.INSTANCE.sizeBytes(file));
  }

  static byte[] resource(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
