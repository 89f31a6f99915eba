package com.example.cairn.shelf;

import dev.cairn.spi.Bucket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Writes one file, forward only: a head, sections, a table. One thread at a time. */
final class ShelfWriter {
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int FIRST_OFFSETS = 64;

  private final WritableByteChannel out;
  private final long number;
  private final SortedMap<Bucket, Place> places = new TreeMap<>();
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
  private final CRC32C crc = new CRC32C();
  private long[] offsets = new long[FIRST_OFFSETS];
  private int count;
  private long sectionStart;
  private long writtenBytes;

  ShelfWriter(WritableByteChannel out, Head head) throws IOException {
    this.out = out;
    this.number = head.number();
    put(head.encode());
  }

  void startSection() {
    crc.reset();
    count = 0;
    sectionStart = writtenBytes;
  }

  /** Adds an entry; keys rise. */
  void add(byte[] key, byte[] value) throws IOException {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    offsets[count++] = writtenBytes - sectionStart;
    sum(ByteBuffer.allocate(Section.ENTRY_HEAD_BYTES).putShort((short) key.length).flip());
    sum(ByteBuffer.wrap(key));
    sum(ByteBuffer.wrap(value));
  }

  /** The section holds a bucket's entries. */
  void endSection(Bucket bucket) throws IOException {
    ByteBuffer offset = ByteBuffer.allocate(Long.BYTES);
    for (int i = 0; i < count; i++) {
      sum(offset.clear().putLong(offsets[i]).flip());
    }
    long sizeBytes = writtenBytes - sectionStart;
    places.put(bucket, new Place(number, sectionStart, sizeBytes, count, (int) crc.getValue()));
  }

  /** Copies a bucket's entries as they are. */
  void copy(Bucket bucket, Section section) throws IOException {
    places.put(bucket, section.place().in(number, writtenBytes));
    section.read(this::put);
  }

  /** The bucket's entries lie in another file. */
  void refer(Bucket bucket, Place place) {
    places.put(bucket, place);
  }

  /** Ends the file: its length becomes a multiple of a unit. */
  void finish(int unitBytes) throws IOException {
    while ((writtenBytes + Table.sizeBytes(places)) % unitBytes != 0) {
      put(ByteBuffer.allocate(1));
    }
    put(Table.encode(places));
    flush();
  }

  SortedMap<Bucket, Place> places() {
    return places;
  }

  private void sum(ByteBuffer bytes) throws IOException {
    crc.update(bytes.duplicate());
    put(bytes);
  }

  private void put(ByteBuffer bytes) throws IOException {
    writtenBytes += bytes.remaining();
    while (bytes.hasRemaining()) {
      if (!chunk.hasRemaining()) {
        flush();
      }
      int some = Math.min(chunk.remaining(), bytes.remaining());
      chunk.put(bytes.slice().limit(some));
      bytes.position(bytes.position() + some);
    }
  }

  private void flush() throws IOException {
    chunk.flip();
    while (chunk.hasRemaining()) {
      out.write(chunk);
    }
    chunk.clear();
  }
}
