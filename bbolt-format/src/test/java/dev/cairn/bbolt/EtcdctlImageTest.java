package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.bbolt.Fixtures.Known;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.GoldenContent;
import dev.cairn.testkit.GoldenContents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** etcd's own tool reads our images, and finds in them what the view holds. */
class EtcdctlImageTest {
  private static final Pattern HASH = Pattern.compile("\"hash\":(\\d+)");
  private static final Pattern SIZE = Pattern.compile("\"totalSize\":(\\d+)");
  private static Optional<Etcdctl> etcdctl;

  @TempDir Path directory;

  @BeforeAll
  static void findTool() {
    etcdctl = Etcdctl.find();
    System.out.println("judge: " + etcdctl.map(Object::toString).orElse("no etcdctl"));
  }

  static List<GoldenContent> edges() {
    return GoldenContents.edges();
  }

  static List<Known> etcdFiles() {
    return Fixtures.etcd();
  }

  @ParameterizedTest
  @MethodSource("edges")
  void statusOfEdges(GoldenContent golden) throws Exception {
    MemoryContent content = new MemoryContent();
    golden.source().forEach(content);
    byte[] image = Images.of(content.view());
    assertStatus(image, crcOf(content.view()), image.length);
  }

  @ParameterizedTest
  @MethodSource("etcdFiles")
  void statusAndRestoreOfEtcdFiles(Known known) throws Exception {
    try (BoltFile file = Fixtures.open(Fixtures.unpack(known, directory));
        ReadView view = file.openView()) {
      assertEquals(known.status().get(0).hash(), crcOf(view));
      byte[] image = Images.of(file.openView());
      Path path = assertStatus(image, known.status().get(0).hash(), image.length);
      Path restored = directory.resolve("restored");
      etcdctl
          .get()
          .run(
              "snapshot",
              "restore",
              path.toString(),
              "--skip-hash-check=true",
              "--data-dir=" + restored);
      assertTrue(Files.exists(restored.resolve("member/snap/db")));
    }
  }

  private Path assertStatus(byte[] image, long hash, long sizeBytes) throws Exception {
    assumeTrue(etcdctl.isPresent(), "no etcdctl on the PATH");
    Path path = Fixtures.write(directory.resolve("image.db"), image);
    String status = etcdctl.get().run("snapshot", "status", path.toString(), "-w", "json");
    assertEquals(hash, number(HASH, status));
    assertEquals(sizeBytes, number(SIZE, status));
    return path;
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertTrue(matcher.find(), text);
    return Long.parseLong(matcher.group(1));
  }

  /** CRC-32C over every bucket's name and its keys and values, as etcdctl takes it. */
  private static long crcOf(ReadView view) {
    CRC32C crc = new CRC32C();
    for (Bucket bucket : view.buckets()) {
      crc.update(bucket.name());
      try (Cursor cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          crc.update(cursor.key());
          crc.update(cursor.value());
        }
      }
    }
    return crc.getValue();
  }
}
