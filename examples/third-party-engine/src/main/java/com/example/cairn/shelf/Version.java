package com.example.cairn.shelf;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.util.SortedMap;

/**
 * One instant of a store. Immutable: a commit makes the next one.
 *
 * @param number of the batch that made it, counted since the shelf was folded
 * @param places where the entries of each bucket lie; not to be changed
 * @param files those that {@code places} speak of, and always the main file; not to be changed
 */
record Version(long number, SortedMap<Bucket, Place> places, SortedMap<Long, ShelfFile> files) {
  /** The unit of {@link dev.cairn.spi.Snapshot#size()}. */
  static final int IMAGE_UNIT_BYTES = 512;

  Section section(Bucket bucket) {
    Place place = places.get(bucket);
    if (place == null) {
      throw StorageException.of(Code.NOT_FOUND, "no bucket " + bucket);
    }
    return new Section(files.get(place.number()).file(), place);
  }

  long liveBytes() {
    return places.values().stream().mapToLong(Place::sizeBytes).sum();
  }

  long fileBytes() {
    return files.values().stream().mapToLong(ShelfFile::sizeBytes).sum();
  }

  /** How long a file is that holds all of this version. */
  long imageBytes() {
    long bytes = Head.SIZE_BYTES + liveBytes() + Table.sizeBytes(places);
    return (bytes + IMAGE_UNIT_BYTES - 1) / IMAGE_UNIT_BYTES * IMAGE_UNIT_BYTES;
  }

  /** Writes such a file. */
  void writeWhole(ShelfWriter out) throws IOException {
    for (Bucket bucket : places.keySet()) {
      out.copy(bucket, section(bucket));
    }
    out.finish(IMAGE_UNIT_BYTES);
  }
}
