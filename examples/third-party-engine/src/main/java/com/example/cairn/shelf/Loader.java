package com.example.cairn.shelf;

import com.example.cairn.shelf.Head.Kind;
import dev.cairn.io.Disk;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the newest version of a store, or of an image, and verifies every byte of it. */
final class Loader implements AutoCloseable {
  private final Disk disk;
  private final Names names;
  private final ShelfFile main;
  private final SortedMap<Long, ShelfFile> opened = new TreeMap<>();

  private Loader(Disk disk, Path path, ShelfFile main) {
    this.disk = disk;
    this.names = new Names(disk, path);
    this.main = main;
    opened.put(0L, main);
  }

  static Version store(Disk disk, Path store) {
    try (Loader loader = new Loader(disk, store, ShelfFile.open(disk, store, Kind.STORE))) {
      return loader.keep(loader.newest());
    }
  }

  /** The version in an image; the file stays the caller's. */
  static Version image(Disk disk, ShelfFile image) {
    return new Loader(disk, image.file().path(), image).version(image);
  }

  /** A batch file has its name only when it is whole, so the highest number is the newest. */
  private Version newest() {
    for (long number : names.batches(main.head().base())) {
      ShelfFile file = open(number);
      if (file != null) {
        return version(file);
      }
    }
    return version(main);
  }

  /** The file of a batch, or null when it belongs to a store that was here before. */
  private ShelfFile open(long number) {
    if (opened.containsKey(number)) {
      return opened.get(number);
    }
    Path path = names.batch(main.head().base(), number);
    if (!disk.exists(path)) {
      throw StorageException.corrupt(path, 0, "is missing; restore a snapshot");
    }
    ShelfFile file = ShelfFile.open(disk, path, Kind.BATCH);
    opened.put(number, file);
    if (file.head().base() != main.head().base() || file.head().number() != number) {
      throw StorageException.corrupt(path, 0, "has another batch's name");
    }
    return file.head().identity().equals(main.head().identity()) ? file : null;
  }

  private Version version(ShelfFile newest) {
    SortedMap<Bucket, Place> places = Table.read(newest.file(), newest.sizeBytes());
    SortedMap<Long, ShelfFile> files = new TreeMap<>();
    files.put(0L, main);
    for (Place place : places.values()) {
      ShelfFile file = open(place.number());
      if (file == null) {
        throw StorageException.corrupt(newest.file().path(), 0, "refers to another store's file");
      }
      files.put(place.number(), file);
      new Section(file.file(), place).verify(file.sizeBytes());
    }
    return new Version(newest.head().number(), places, files);
  }

  /** The version's files are its user's from now on. */
  private Version keep(Version version) {
    opened.keySet().removeAll(version.files().keySet());
    return version;
  }

  @Override
  public void close() {
    opened.values().forEach(ShelfFile::close);
  }
}
