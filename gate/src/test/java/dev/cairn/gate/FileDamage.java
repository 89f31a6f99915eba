package dev.cairn.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages a paged file of any engine, mostly where the numbers are that its reader steers by. */
final class FileDamage {
  private static final int PAGE_BYTES = 4096;
  private static final int HEAD_BYTES = 64;
  private static final long[] TELLING = {
    0,
    1,
    2,
    15,
    16,
    0x7f,
    0xff,
    0xfff,
    0x1000,
    0x7fff,
    0x8000,
    0xffff,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  private final SplittableRandom random;
  private final ByteBuffer bytes;
  private final int pages;

  private FileDamage(byte[] image, SplittableRandom random) {
    this.random = random;
    this.bytes = ByteBuffer.wrap(image.clone());
    this.pages = image.length / PAGE_BYTES;
  }

  /** A copy that is damaged in one to four places. */
  static byte[] of(byte[] image, SplittableRandom random) {
    FileDamage damage = new FileDamage(image, random);
    for (int left = random.nextInt(1, 5); left > 0; left--) {
      damage.somewhere();
    }
    return damage.bytes.array();
  }

  /** A copy with another byte at a place. */
  static byte[] flipped(byte[] file, int at, SplittableRandom random) {
    byte[] damaged = file.clone();
    damaged[at] ^= (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : random.nextInt(1, 256));
    return damaged;
  }

  /** An image with its hash behind it. */
  static byte[] hashed(byte[] image) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(image);
      byte[] file = Arrays.copyOf(image, image.length + hash.length);
      System.arraycopy(hash, 0, file, image.length, hash.length);
      return file;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void somewhere() {
    switch (random.nextInt(6)) {
      case 0 -> run();
      case 1 -> page();
      case 2 -> number(random.nextInt(bytes.capacity() - Long.BYTES));
      default -> steering();
    }
  }

  private void run() {
    int length = random.nextInt(1, 40);
    int at = random.nextInt(bytes.capacity() - length);
    switch (random.nextInt(3)) {
      case 0 -> Arrays.fill(bytes.array(), at, at + length, (byte) 0);
      case 1 -> bytes.put(at, bytes.array(), random.nextInt(bytes.capacity() - length), length);
      default -> {
        for (int i = at; i < at + length; i++) {
          bytes.put(i, (byte) random.nextInt());
        }
      }
    }
  }

  /** One page over another; where pages know their number, under the right one as often. */
  private void page() {
    if (pages < 2) {
      return;
    }
    int to = random.nextInt(pages) * PAGE_BYTES;
    long number = bytes.order(ByteOrder.LITTLE_ENDIAN).getLong(to);
    bytes.put(to, bytes.array(), random.nextInt(pages) * PAGE_BYTES, PAGE_BYTES);
    if (random.nextBoolean()) {
      bytes.putLong(to, number);
    }
  }

  /** The head of a page, or what an offset there leads to. */
  private void steering() {
    int page = random.nextInt(Math.max(1, pages)) * PAGE_BYTES;
    int at = page + 2 * random.nextInt(HEAD_BYTES / 2);
    if (random.nextBoolean()) {
      int offset = bytes.order(ByteOrder.LITTLE_ENDIAN).getShort(at) & 0xffff;
      at = page + (offset & ~1) + 2 * random.nextInt(4);
    }
    number(Math.min(at, bytes.capacity() - Long.BYTES));
  }

  private void number(int at) {
    bytes.order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long value = random.nextBoolean() ? TELLING[random.nextInt(TELLING.length)] : aPage();
    switch (random.nextInt(4)) {
      case 0 -> bytes.put(at, (byte) value);
      case 1 -> bytes.putShort(at, (short) value);
      case 2 -> bytes.putInt(at, (int) value);
      default -> bytes.putLong(at, value);
    }
  }

  private long aPage() {
    return random.nextInt(pages + 1);
  }
}
