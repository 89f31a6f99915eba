package dev.cairn.snapshot;

import dev.cairn.spi.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Etcd images of many shapes, without a hash behind them, to be damaged. */
final class DamageShapes {
  /** A large one costs as much as many small ones. */
  private static final int LARGE_EVERY = 200;

  private final List<byte[]> small = new ArrayList<>();
  private final byte[] large;

  DamageShapes() {
    large = image(Fixture.RICH.bytes());
    small.add(image(Fixture.TINY.bytes()));
    small.add(Fixture.WALCUT.bytes());
    small.add(Fixture.WAL.bytes());
    small.add(Fixture.resource("nested.db.gz"));
    small.add(image(compacting()));
    small.add(image(overflowing()));
    small.add(image(deep()));
    small.add(image(manyBuckets()));
    small.add(image(branches()));
    small.add(image(new MapView()));
  }

  private static byte[] image(byte[] snapshot) {
    return Arrays.copyOf(snapshot, snapshot.length - Sha256.SIZE_BYTES);
  }

  private static byte[] image(MapView content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Snapshot image = EtcdImages.of(content)) {
      image.writeTo(Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The snapshot file of a number: one of the images, damaged, and its hash. */
  byte[] damaged(long seed, int number) {
    SplittableRandom random = new SplittableRandom(seed + number);
    return DamagedRestore.hashed(ImageDamage.of(draw(random), random));
  }

  private byte[] draw(SplittableRandom random) {
    return random.nextInt(LARGE_EVERY) == 0 ? large : small.get(random.nextInt(small.size()));
  }

  /** Etcd's, with a compaction under way. */
  private static MapView compacting() {
    MapView content = new MapView().bucket("members").bucket("members_removed").bucket("lease");
    for (int main = 2; main < 300; main++) {
      content.put("key", revision(main), keyValue("key" + main % 40, main));
    }
    content.put("meta", ascii("scheduledCompactRev"), revision(200));
    return content.put("meta", ascii("finishedCompactRev"), revision(50));
  }

  private static byte[] revision(long main) {
    return ByteBuffer.allocate(17).putLong(main).put((byte) '_').array();
  }

  /** The first of its key, as if all others had been deleted before; a value of a few bytes. */
  private static byte[] keyValue(String key, int main) {
    ByteBuffer message = ByteBuffer.allocate(100);
    message.put((byte) 0x0a).put((byte) key.length()).put(ascii(key));
    varint(message.put((byte) 0x10), main);
    varint(message.put((byte) 0x18), main);
    message.put((byte) 0x20).put((byte) 1).put((byte) 0x2a).put((byte) 3).put(ascii("abc"));
    return Arrays.copyOf(message.array(), message.position());
  }

  private static void varint(ByteBuffer into, int value) {
    int rest = value;
    while (rest > 0x7f) {
      into.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    into.put((byte) rest);
  }

  private static MapView overflowing() {
    MapView content = new MapView();
    for (int i = 0; i < 12; i++) {
      content.put("values", ascii("long" + i), filled(i * 3_000, i));
      content.put("keys", filled(i * 400 + 1, i), filled(i, i));
    }
    return content;
  }

  /** Keys so long that a branch has two children. */
  private static MapView deep() {
    MapView content = new MapView();
    for (int i = 0; i < 24; i++) {
      content.put("deep", filled(1_900, i), filled(1_000, i));
    }
    return content.put("flat", "key", "value");
  }

  private static MapView manyBuckets() {
    MapView content = new MapView();
    for (int i = 0; i < 150; i++) {
      content.bucket("bucket" + i);
      for (int j = 0; j < i % 5; j++) {
        content.put("bucket" + i, ascii("key" + j), filled(i * 4, j));
      }
    }
    return content;
  }

  private static MapView branches() {
    MapView content = new MapView();
    for (int i = 0; i < 3_000; i++) {
      content.put("entries" + i % 3, ascii("key%05d".formatted(i)), filled(i % 40, i));
    }
    return content;
  }

  private static byte[] filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
