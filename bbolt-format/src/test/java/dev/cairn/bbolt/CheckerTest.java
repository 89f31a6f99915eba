package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.bbolt.NestedFile.Entry;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each kind of damage by its own line. */
class CheckerTest {
  private static final int SIZE = 512;

  /** bbolt's own file of 512-byte pages, with a freelist, a tree of two levels and two inlines. */
  private static byte[] original() {
    return Fixtures.bytes(Fixtures.named("bolt-extra/pagesize-512.db"));
  }

  private static List<String> findings(byte[] bytes) {
    try (BoltFile file = BytesDisk.open(bytes)) {
      return BoltChecker.check(file).findings();
    }
  }

  private static String onlyFinding(byte[] bytes) {
    List<String> findings = findings(bytes);
    assertEquals(1, findings.size(), findings::toString);
    return findings.get(0);
  }

  private static byte[] changed(Consumer<byte[]> change) {
    byte[] bytes = original();
    change.accept(bytes);
    return bytes;
  }

  private static int freelistAt() {
    return (int) Fixtures.named("bolt-extra/pagesize-512.db").newest().freelistPage() * SIZE;
  }

  @Test
  void aDamagedMeta() {
    assertEquals("meta page 0: checksum error", onlyFinding(changed(bytes -> bytes[70]++)));
    assertEquals(
        "meta page 1: its header says that it is page 1 and a leaf",
        onlyFinding(changed(bytes -> bytes[SIZE + Layout.FLAGS_AT] = 2)));
  }

  @Test
  void freelistIds() {
    int first = freelistAt() + 16;
    List<String> twice = findings(changed(bytes -> bytes[first] = bytes[first + 8]));
    assertEquals("freelist: holds page 5 twice", twice.get(0));
    assertEquals("page 4: neither in use nor free", twice.get(1));
    assertTrue(
        findings(changed(bytes -> bytes[first + 1] = 1))
            .contains("freelist: holds page 260, outside the file"));
    assertTrue(
        findings(changed(bytes -> bytes[first] = 98))
            .contains("page 98: in use and in the freelist"));
    assertTrue(
        findings(changed(bytes -> bytes[first] = 100))
            .contains("freelist: holds page 100, which is its own"));
    List<String> tooLong = findings(changed(bytes -> bytes[freelistAt() + 10] = (byte) 0xfe));
    assertTrue(tooLong.get(0).startsWith("freelist: a freelist of 512 bytes says"), tooLong.get(0));
    List<String> noList = findings(changed(bytes -> bytes[freelistAt() + 8] = 2));
    assertTrue(noList.get(0).contains("is not a freelist but a leaf"), noList.get(0));
  }

  @Test
  void pagesInARowAreOneLine() {
    byte[] bytes = changed(b -> b[freelistAt() + 10] = 40);
    assertEquals("pages 47 to 53: neither in use nor free", findings(bytes).get(0));
  }

  @Test
  void headersAndElements() {
    int leaf = 97 * SIZE;
    assertTrue(findings(changed(bytes -> bytes[leaf]++)).get(0).contains("says that it is page"));
    assertTrue(
        findings(changed(bytes -> bytes[leaf + Layout.FLAGS_AT] = 3))
            .get(0)
            .contains("neither branch nor leaf"));
    assertTrue(
        findings(changed(bytes -> bytes[leaf + Layout.OVERFLOW_AT] = 90))
            .get(0)
            .contains("past the last"));
  }

  private static NestedFile twoLeaves(String second, String... keysOfFirst) {
    NestedFile file = new NestedFile(6);
    file.leaf(2, new Entry("bucket", 3));
    file.branch(3, new Entry("b", 4), new Entry("m", 5));
    Entry[] entries = new Entry[keysOfFirst.length];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = new Entry(keysOfFirst[i], "value");
    }
    file.leaf(4, entries);
    file.leaf(5, new Entry(second, "value"));
    return file;
  }

  @Test
  void orderOfKeys() {
    assertEquals(List.of(), findings(twoLeaves("m", "b", "c").array()));
    assertEquals(
        "bucket bucket: page 4: element 1 has a key that is not above the one before it",
        onlyFinding(twoLeaves("m", "c", "c").array()));
    assertEquals(
        "bucket bucket: page 4: element 0 has a key below the one that its parent gives",
        onlyFinding(twoLeaves("m", "a", "c").array()));
    assertEquals(
        "bucket bucket: page 4: element 1 has a key that belongs into a later page",
        onlyFinding(twoLeaves("m", "b", "m").array()));
    assertEquals("page 4: has no elements", onlyFinding(twoLeaves("m").array()));
  }

  /** A scan out of order would be a wrong answer; so is one that skips an empty page. */
  @Test
  void aReaderStopsWhereKeysDoNotRise() {
    assertReaderStops(twoLeaves("m", "c", "c").array());
    assertReaderStops(twoLeaves("m", "d", "c").array());
    assertReaderStops(twoLeaves("m", "b", "n").array());
    assertReaderStops(twoLeaves("m").array());
    try (BoltFile file = BytesDisk.open(twoLeaves("m", "b", "c").array())) {
      assertEquals(3, file.buckets().get(0).elements());
    }
  }

  /** What a scan found and a search did not would be in the copy and not in the file. */
  @Test
  void aReaderStopsWhereASearchWouldMiss() {
    assertReaderStops(twoLeaves("l", "b", "c").array());
    assertReaderStops(twoLeaves("z", "b", "m").array());
    assertReaderStops(twoLeaves("z", "b", "n").array());
    try (BoltFile file = BytesDisk.open(twoLeaves("z", "b", "l").array())) {
      assertEquals(3, file.buckets().get(0).elements());
    }
  }

  /** Two keys may not share bytes: else few bytes could hold any number of entries. */
  @Test
  void elementsOverEachOther() {
    byte[] bytes = twoLeaves("m", "b", "c", "d").array();
    bytes[4 * 1024 + 16 + 2 * 16 + Layout.LEAF_POS_AT] -= 6;
    assertTrue(onlyFinding(bytes).contains("element 2 lies outside its page or over another"));
    assertReaderStops(bytes);
  }

  /** Nor where a damaged element between them says nothing of where it ends. */
  @Test
  void elementsOverEachOtherBehindADamagedOne() {
    byte[] bytes = twoLeaves("m", "b", "c", "d").array();
    int table = 4 * 1024 + 16;
    Arrays.fill(bytes, table + 16 + Layout.LEAF_POS_AT, table + 2 * 16, (byte) 0);
    bytes[table + 2 * 16 + Layout.LEAF_POS_AT] -= 12;
    List<String> findings = findings(bytes);
    assertTrue(findings.get(0).contains("element 1 lies outside its page"), findings.get(0));
    assertEquals("bucket bucket: page 4: element 2 lies over element 0", findings.get(1));
  }

  @Test
  void aKeyAtTheTopLevel() {
    NestedFile file = new NestedFile(3);
    file.leaf(2, new Entry("plain", "value"));
    assertEquals(
        "page 2: element 0 is a key beside the top-level buckets", onlyFinding(file.array()));
  }

  @Test
  void inlineRules() {
    NestedFile file = new NestedFile(3);
    file.leaf(2, new Entry("bucket", 0));
    byte[] bytes = file.array();
    int valueBytesAt = 2 * 1024 + 16 + Layout.LEAF_VALUE_BYTES_AT;
    int inlineAt = 2 * 1024 + 32 + "bucket".length() + 16;
    bytes[valueBytesAt] = 32;
    bytes[inlineAt + Layout.FLAGS_AT] = 2;
    assertEquals(List.of(), findings(bytes));
    bytes[inlineAt] = 7;
    assertEquals("bucket bucket: its inline page has an id", onlyFinding(bytes));
    bytes[inlineAt] = 0;
    bytes[valueBytesAt + 1] = 2;
    assertEquals("bucket bucket: inline with 528 bytes, over 256", onlyFinding(bytes));
    bytes[valueBytesAt + 1] = 0;
    bytes[valueBytesAt] = 31;
    assertTrue(onlyFinding(bytes).contains("an inline bucket has 15 bytes"));
  }

  @Test
  void circlesEnd() {
    NestedFile branch = new NestedFile(4);
    branch.leaf(2, new Entry("bucket", 3));
    branch.branch(3, new Entry("a", 3), new Entry("b", 3));
    assertEquals("page 3: referred to more than once", findings(branch.array()).get(0));
    assertReaderStops(branch.array());

    NestedFile bucket = new NestedFile(4);
    bucket.leaf(2, new Entry("bucket", 3));
    bucket.leaf(3, new Entry("itself", 3));
    assertEquals("page 3: referred to more than once", onlyFinding(bucket.array()));
    assertReaderStops(bucket.array());

    NestedFile root = new NestedFile(3);
    root.leaf(2, new Entry("bucket", 2));
    assertEquals("page 2: referred to more than once", onlyFinding(root.array()));
    assertReaderStops(root.array());
  }

  /** Each page leads twice to the next one: 2^59 ways from the first to the last. */
  @Test
  void sharedPagesDoNotMultiply() {
    NestedFile trees = new NestedFile(64);
    trees.leaf(2, new Entry("bucket", 3));
    for (int page = 3; page < 63; page++) {
      trees.branch(page, new Entry("a", page + 1), new Entry("b", page + 1));
    }
    trees.leaf(63, new Entry("a", "value"));
    assertTrue(findings(trees.array()).contains("page 63: referred to more than once"));
    assertReaderStops(trees.array());

    NestedFile buckets = new NestedFile(64);
    for (int page = 2; page < 63; page++) {
      buckets.leaf(page, new Entry("a", page + 1), new Entry("b", page + 1));
    }
    buckets.leaf(63, new Entry("a", "value"));
    assertEquals(61, findings(buckets.array()).size());
    assertReaderStops(buckets.array());
  }

  @Test
  void noDepthExhaustsTheStack() {
    int pages = 3_000;
    NestedFile file = new NestedFile(pages);
    for (int page = 2; page < pages - 1; page++) {
      file.leaf(page, new Entry("within", page + 1));
    }
    file.leaf(pages - 1, new Entry("key", "value"));
    assertTrue(onlyFinding(file.array()).contains("nested too deep to be looked at"));
    assertReaderStops(file.array());
  }

  private static void assertReaderStops(byte[] bytes) {
    try (BoltFile file = BytesDisk.open(bytes)) {
      assertEquals(Code.CORRUPT, assertThrows(StorageException.class, file::buckets).code());
    }
  }

  @Test
  void findingsAreBounded() {
    byte[] bytes = Fixtures.bytes(Fixtures.named("bolt-extra/freelist-65535plus.db"));
    int freelist = 3 * SIZE;
    for (int i = 1; i <= 1_000; i++) {
      System.arraycopy(bytes, freelist + 24, bytes, freelist + 24 + 8 * i, 8);
    }
    List<String> findings = findings(bytes);
    assertEquals(Findings.KEPT_MAX + 1, findings.size());
    assertEquals("and 901 more", findings.get(Findings.KEPT_MAX));
  }
}
