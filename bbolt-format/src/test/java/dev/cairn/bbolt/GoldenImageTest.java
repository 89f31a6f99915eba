package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.bbolt.Fixtures.Known;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.BboltTool;
import dev.cairn.testkit.GoldenContent;
import dev.cairn.testkit.GoldenContents;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden set: each image has the bytes that it always had, and bbolt and etcd accept it. */
class GoldenImageTest {
  @TempDir static Path tools;
  private static Optional<BboltTool> bbolt;

  @TempDir Path directory;

  @BeforeAll
  static void findTools() {
    bbolt = BboltTool.find(tools);
    System.out.println("judges: " + bbolt.map(Object::toString).orElse("no bbolt"));
  }

  static List<GoldenContent> edges() {
    return GoldenContents.edges();
  }

  static List<Known> etcdFiles() {
    return Fixtures.etcd();
  }

  @ParameterizedTest
  @MethodSource("edges")
  void edgesAreGolden(GoldenContent golden) {
    MemoryContent content = content(golden);
    byte[] image = Images.of(content.view());
    assertEquals(-1, Arrays.mismatch(image, NaiveImage.of(content)), "the naive builder's bytes");
    assertEquals(line(golden.imageSizeBytes(), golden.imageSha256()), line(image));
    assertReadsBack(image, ContentHash.v1(content.view()));
  }

  @ParameterizedTest
  @MethodSource("etcdFiles")
  void imagesOfEtcdFilesAreGolden(Known known) {
    try (BoltFile file = Fixtures.open(Fixtures.unpack(known, directory));
        ReadView view = file.openView()) {
      byte[] image = Images.of(file.openView());
      assertEquals(-1, Arrays.mismatch(image, NaiveImage.of(content(view))));
      assertEquals(GoldenContents.sha256(known.name()), Images.sha256(image), () -> line(image));
      assertReadsBack(image, ContentHash.v1(view));
    }
  }

  @ParameterizedTest
  @MethodSource("edges")
  void bboltAcceptsTheEdges(GoldenContent golden) {
    assumeTrue(bbolt.isPresent(), "no bbolt, nor Go with bbolt's sources");
    Path file = Fixtures.write(directory.resolve("image.db"), Images.of(content(golden).view()));
    BboltTool.Outcome outcome = bbolt.get().check(file);
    assertTrue(outcome.sound(), outcome.output());
  }

  @ParameterizedTest
  @MethodSource("etcdFiles")
  void bboltAcceptsImagesOfEtcdFiles(Known known) {
    assumeTrue(bbolt.isPresent(), "no bbolt, nor Go with bbolt's sources");
    try (BoltFile file = Fixtures.open(Fixtures.unpack(known, directory))) {
      Path image = Fixtures.write(directory.resolve("image.db"), Images.of(file.openView()));
      BboltTool.Outcome outcome = bbolt.get().check(image);
      assertTrue(outcome.sound(), outcome.output());
    }
  }

  /** What the rules say, worked out by hand: which edge makes another page. */
  @ParameterizedTest
  @CsvSource({
    "empty-store, 3",
    "empty-bucket, 3",
    "bucket-1023, 3",
    "bucket-1024, 3",
    "bucket-1025, 4",
    "leaf-4095, 4",
    "leaf-4096, 4",
    "leaf-4097, 6",
    "leaf-of-one-4096, 4",
    "leaf-of-one-4097, 5",
    "leaves-4096, 24",
    "leaves-4097, 31",
    "branch-4096, 14",
    "branch-4097, 16",
    "top-level-4096, 3",
    "top-level-4097, 5"
  })
  void edgesAreWhereTheRulesPutThem(String name, int pages) {
    byte[] image = Images.of(content(edge(name)).view());
    assertEquals(pages, image.length / ImageRules.PAGE_SIZE_BYTES);
  }

  @Test
  void theDeepOneHasFiveLevels() {
    Path path =
        Fixtures.write(directory.resolve("deep.db"), Images.of(content(edge("deep")).view()));
    try (BoltFile file = Fixtures.open(path)) {
      Pages pages = file.newPages();
      int levels = 1;
      Page page = pages.load(file.buckets().get(0).rootPage());
      while (!page.isLeaf()) {
        page = pages.load(page.child(0));
        levels++;
      }
      assertEquals(5, levels);
    }
  }

  private static GoldenContent edge(String name) {
    return edges().stream().filter(edge -> edge.name().equals(name)).findFirst().orElseThrow();
  }

  /** A judge that finds nothing wrong with anything is none. */
  @Test
  void bboltRefusesDamage() {
    assumeTrue(bbolt.isPresent(), "no bbolt, nor Go with bbolt's sources");
    byte[] image = Images.of(content(edge("deep")).view());
    image[5 * ImageRules.PAGE_SIZE_BYTES + Layout.FLAGS_AT] = 0;
    Path file = Fixtures.write(directory.resolve("damaged.db"), image);
    assertTrue(!bbolt.get().check(file).sound());
  }

  @Test
  void everyGoldenValueHasItsContent() {
    List<String> names =
        Stream.concat(
                edges().stream().map(GoldenContent::name), etcdFiles().stream().map(Known::name))
            .sorted()
            .toList();
    assertEquals(names, GoldenContents.names());
  }

  private void assertReadsBack(byte[] image, String contentHash) {
    Path path = Fixtures.write(directory.resolve("read-back.db"), image);
    try (BoltFile file = Fixtures.open(path);
        ReadView view = file.openView()) {
      assertEquals(contentHash, ContentHash.v1(view));
      assertEquals(List.of(), BoltChecker.check(file).findings());
      assertEquals(-1, Arrays.mismatch(image, Images.of(file.openView())), "its own image");
    }
  }

  private static MemoryContent content(GoldenContent golden) {
    MemoryContent content = new MemoryContent();
    golden.source().forEach(content);
    return content;
  }

  private static MemoryContent content(ReadView view) {
    MemoryContent content = new MemoryContent();
    for (var bucket : view.buckets()) {
      content.bucket(bucket);
      try (var cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          byte[] key = new byte[cursor.key().remaining()];
          byte[] value = new byte[cursor.value().remaining()];
          cursor.key().get(key);
          cursor.value().get(value);
          content.bucket(bucket).put(key, value);
        }
      }
    }
    return content;
  }

  private static String line(byte[] image) {
    return line(image.length, Images.sha256(image));
  }

  private static String line(long sizeBytes, String sha256) {
    return sizeBytes + " " + sha256;
  }
}
