package dev.cairn.testkit;

import static dev.cairn.testkit.Data.utf8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files that are nobody's store. */
final class Junk {
  private static final int PAGE_BYTES = 4_096;

  private Junk() {}

  /** Files that no engine has any reason to recognise. */
  static Map<String, byte[]> foreign() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("empty", new byte[0]);
    files.put("one-byte", new byte[] {1});
    files.put("text", utf8("These are the notes of a person, not a store.\n".repeat(500)));
    files.put("zip", zip());
    files.put("zeros", new byte[3 * PAGE_BYTES]);
    files.put("ones", Data.filled(3 * PAGE_BYTES, 0xff));
    files.put("random", Data.random(100_000, 42));
    files.put("short-random", Data.random(100, 43));
    files.put("sqlite", startingWith(utf8("SQLite format 3\0"), 2 * PAGE_BYTES, 44));
    return files;
  }

  /** Files that start as one engine or another writes them and go on as none does. */
  static Map<String, byte[]> lookingLikeStores() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("like-h2", startingWith(utf8("H:2,block:2,blockSize:1000"), 4 * PAGE_BYTES, 45));
    files.put("like-mapdb", startingWith(new byte[] {0x4a, 3}, 4 * PAGE_BYTES, 46));
    files.put("like-lmdb", startingWith(metaPage(0xbeefc0de, 8), 4 * PAGE_BYTES, 47));
    files.put("only-lmdbs-head", metaPage(0xbeefc0de, 8));
    files.put("like-bbolt", startingWith(metaPage(0xed0cdaed, 4), 4 * PAGE_BYTES, 48));
    return files;
  }

  private static byte[] metaPage(int magic, int flags) {
    ByteBuffer page = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    return page.putShort(10, (short) flags).putInt(16, magic).putInt(20, 1).array();
  }

  private static byte[] startingWith(byte[] head, int sizeBytes, long seed) {
    byte[] file = Data.random(sizeBytes, seed);
    System.arraycopy(head, 0, file, 0, head.length);
    return file;
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("db"));
      zip.write(Data.random(20_000, 49));
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  /** Lengths at which a file of a size is cut. */
  static int[] cuts(int sizeBytes) {
    int[] cuts = {
      1, 31, 100, 511, 512, 4_095, 4_096, 8_192, sizeBytes / 2, sizeBytes - 512, sizeBytes - 1
    };
    return Arrays.stream(cuts).filter(cut -> cut > 0 && cut < sizeBytes).distinct().toArray();
  }
}
