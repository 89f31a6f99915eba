package dev.cairn.spi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of a bucket: 1 to {@value #NAME_BYTES_MAX} bytes of any value. Immutable, and ordered by
 * unsigned bytes as every list of buckets is.
 */
public final class Bucket implements Comparable<Bucket> {
  /** Longest bucket name, in bytes, that every engine holds. */
  public static final int NAME_BYTES_MAX = 255;

  private final byte[] name;

  /** Made once: a bucket is looked up with every key. */
  private final int hash;

  private Bucket(byte[] name) {
    if (name.length == 0 || name.length > NAME_BYTES_MAX) {
      throw StorageException.of(
          StorageException.Code.LIMIT,
          "a bucket name has 1 to " + NAME_BYTES_MAX + " bytes, not " + name.length);
    }
    this.name = name;
    this.hash = Arrays.hashCode(name);
  }

  /**
   * A bucket of this name; the array is copied.
   *
   * @param name 1 to {@value #NAME_BYTES_MAX} bytes
   * @return the bucket
   * @throws StorageException {@code limit} for an empty or too long name
   */
  public static Bucket of(byte[] name) {
    return new Bucket(name.clone());
  }

  /**
   * A bucket named by the UTF-8 bytes of a text.
   *
   * @param name a text of 1 to {@value #NAME_BYTES_MAX} bytes in UTF-8
   * @return the bucket
   * @throws StorageException {@code limit} for an empty or too long name
   */
  public static Bucket named(String name) {
    return new Bucket(name.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The name.
   *
   * @return a copy that the caller owns
   */
  public byte[] name() {
    return name.clone();
  }

  @Override
  public int compareTo(Bucket other) {
    return Arrays.compareUnsigned(name, other.name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bucket && Arrays.equals(name, ((Bucket) other).name);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The name as text where all of it is printable ASCII, else as {@code 0x} and hex digits. */
  @Override
  public String toString() {
    return Bytes.printable(name);
  }
}
