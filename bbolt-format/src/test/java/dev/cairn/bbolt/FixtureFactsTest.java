package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.bbolt.Fixtures.Known;
import dev.cairn.bbolt.Fixtures.KnownBucket;
import dev.cairn.bbolt.Fixtures.Meta;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reader finds in every file of bbolt and etcd what an independent parser found. */
class FixtureFactsTest {
  @TempDir Path directory;

  static List<Known> files() {
    return Fixtures.all();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFactIsFound(Known known) throws Exception {
    Path path = Fixtures.unpack(known, directory);
    byte[] before = Files.readAllBytes(path);
    try (BoltFile file = Fixtures.open(path)) {
      assertEquals(known.newest(), factsOf(file.meta()));
      assertEquals(known.pageSizeBytes(), file.meta().pageSizeBytes());
      assertEquals(known.buckets(), new Walk(file).buckets());
      assertEquals(listed(known), file.buckets());
    }
    assertEquals(-1, java.util.Arrays.mismatch(before, Files.readAllBytes(path)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void theCheckerFindsNothing(Known known) {
    try (BoltFile file = Fixtures.open(Fixtures.unpack(known, directory))) {
      BoltReport report = BoltChecker.check(file);
      assertEquals(List.of(), report.findings());
      assertEquals(known.buckets().size(), report.bucketCount());
      assertEquals(
          known.buckets().stream().mapToLong(b -> b.elements() - b.subBuckets()).sum(),
          report.entryCount());
      long freePages = known.freePages().get(0);
      if (freePages >= 0) {
        assertEquals(freePages, report.pagesFree());
      }
      assertEquals(file.meta().highWaterPages(), report.pagesReached() + report.pagesFree());
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachMetaAloneIsEnough(Known known) {
    for (int damaged = 0; damaged < 2; damaged++) {
      byte[] bytes = Fixtures.bytes(known);
      bytes[damaged * known.pageSizeBytes() + 16 + damaged * 40] ^= 1;
      Path path = Fixtures.write(directory.resolve("damaged"), bytes);
      try (BoltFile file = Fixtures.open(path)) {
        assertEquals(known.metas().get(1 - damaged), factsOf(file.meta()));
        assertEquals(known.pageSizeBytes(), file.meta().pageSizeBytes());
      }
    }
  }

  static Meta factsOf(BoltMeta meta) {
    return new Meta(meta.rootPage(), meta.freelistPage(), meta.highWaterPages(), meta.txid());
  }

  private static List<BoltBucket> listed(Known known) {
    return known.buckets().stream()
        .map(
            bucket ->
                new BoltBucket(
                    bucket.path(),
                    bucket.rootPage(),
                    bucket.sequence(),
                    bucket.elements(),
                    bucket.subBuckets()))
        .toList();
  }

  /** Walks all buckets and takes the checksum of what is in each. */
  private static final class Walk {
    private final Pages pages;
    private final List<KnownBucket> found = new ArrayList<>();

    Walk(BoltFile file) {
      pages = file.newPages();
    }

    List<KnownBucket> buckets() {
      TreeCursor top = cursor(BucketHeader.ofPage(pages.meta().rootPage()));
      for (boolean on = top.first(); on; on = top.next()) {
        visit("", top);
      }
      return found;
    }

    private TreeCursor cursor(BucketHeader header) {
      return new TreeCursor(pages, header, new PageBudget(pages.meta()));
    }

    private void visit(String parent, TreeCursor at) {
      String path = BucketPath.of(parent, at.leaf().key(at.index()));
      BucketHeader header = at.leaf().bucket(at.index());
      int place = found.size();
      CRC32C crc = new CRC32C();
      long elements = 0;
      long subBuckets = 0;
      TreeCursor cursor = cursor(header);
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        elements++;
        crc.update(cursor.leaf().keyBuffer(cursor.index()));
        if (cursor.leaf().isBucket(cursor.index())) {
          subBuckets++;
          visit(path, cursor);
        } else {
          crc.update(cursor.leaf().valueBuffer(cursor.index()));
        }
      }
      found.add(
          place,
          new KnownBucket(
              path, header.rootPage(), header.sequence(), elements, subBuckets, crc.getValue()));
    }
  }
}
