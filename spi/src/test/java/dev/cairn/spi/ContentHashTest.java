package dev.cairn.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The expected hashes were made from the rules by another program, in another language. */
class ContentHashTest {
  private final SortedMap<Bucket, SortedMap<byte[], byte[]>> content = new TreeMap<>();

  private SortedMap<byte[], byte[]> bucket(byte... name) {
    return content.computeIfAbsent(
        Bucket.of(name), bucket -> new TreeMap<>(Arrays::compareUnsigned));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] filled(int count, int value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private String hash() {
    return ContentHash.v1(new MapView(content));
  }

  @Test
  void nothingIsTheHashOfNothing() {
    assertEquals("v1:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", hash());
  }

  @Test
  void anEmptyBucketCounts() {
    bucket((byte) 'a');
    assertEquals("v1:73d3812a1275f48e4d0e92ad97a01ded7f25ebc610d80100658f1a107370a364", hash());
  }

  @Test
  void oneEntry() {
    bucket((byte) 'a').put(utf8("b"), utf8("c"));
    assertEquals("v1:fbe56bd87b69545a05b7ca739ce5dfb968cea79e9220bb7ce5ae4c5370edafed", hash());
  }

  @Test
  void edges() {
    bucket(utf8("users")).put(utf8("alan"), new byte[0]);
    bucket(utf8("users")).put(utf8("ada"), utf8("1815"));
    bucket((byte) 0);
    byte[] everyByte = new byte[256];
    for (int i = 0; i < 256; i++) {
      everyByte[i] = (byte) i;
    }
    bucket((byte) 0xff, (byte) 0x80).put(filled(511, 0xff), everyByte);
    bucket((byte) 0xff, (byte) 0x80).put(new byte[1], filled(300, 'x'));
    assertEquals("v1:ff1947c512b521b03fb042c284fbde09007a1b8112122d7e8e20fcc53ecfde74", hash());
  }

  @Test
  void theFramingTellsBordersApart() {
    bucket((byte) 'a').put(utf8("bc"), utf8("d"));
    String first = hash();
    content.clear();
    bucket((byte) 'a').put(utf8("b"), utf8("cd"));
    assertNotEquals(first, hash());
  }
}
