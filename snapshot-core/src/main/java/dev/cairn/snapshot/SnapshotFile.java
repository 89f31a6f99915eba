package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a file holds: an etcd image or an engine's, with its SHA-256 behind it, or a store that is
 * no snapshot and has none. Immutable and thread-safe; every method opens the file anew, and none
 * changes a byte of it.
 */
public final class SnapshotFile {
  private final Disk disk;
  private final Path path;
  private final long fileBytes;
  private final byte[] hash;
  private final ImageFormat format;

  private SnapshotFile(Disk disk, Path path, long fileBytes, byte[] hash, ImageFormat format) {
    this.disk = disk;
    this.path = path;
    this.fileBytes = fileBytes;
    this.hash = hash;
    this.format = format;
  }

  /**
   * Looks into a file of this machine.
   *
   * @param file its path
   * @return what it holds; the hash is not compared yet
   * @throws StorageException {@code not-found}; {@code corrupt} for a file that is empty, packed,
   *     cut short or nothing that an engine here knows; {@code io}
   */
  public static SnapshotFile inspect(Path file) {
    return inspect(LocalDisk.INSTANCE, file);
  }

  /**
   * Looks into a file.
   *
   * @param disk where
   * @param file its path
   * @return what it holds; the hash is not compared yet
   * @throws StorageException as {@link #inspect(Path)}
   */
  public static SnapshotFile inspect(Disk disk, Path file) {
    return look(disk, file, (open, content, has) -> Recognition.of(disk, file, open, content, has));
  }

  /**
   * Takes a file for one of a given engine, whatever its bytes look like and whether or not the
   * engine is on the class path.
   *
   * @param disk where
   * @param file its path
   * @param engine reads it
   * @return what it holds; nothing but the hash was looked at yet
   * @throws StorageException {@code not-found}, {@code io}
   */
  public static SnapshotFile inspect(Disk disk, Path file, Engine engine) {
    return look(disk, file, (open, content, has) -> new EngineFormat(engine, file, content, has));
  }

  /** A file that was just written: its saving does not fail because nobody here can read it. */
  static SnapshotFile saved(Disk disk, Path file) {
    return look(
        disk,
        file,
        (open, contentBytes, hasHash) -> {
          try {
            return Recognition.of(disk, file, open, contentBytes, hasHash);
          } catch (StorageException e) {
            return new UnknownFormat(contentBytes, e);
          }
        });
  }

  private interface Recognizer {
    ImageFormat recognize(DiskFile open, long contentBytes, boolean hasHash);
  }

  private static SnapshotFile look(Disk disk, Path file, Recognizer recognizer) {
    try (DiskFile open = disk.open(file, Disk.Mode.READ)) {
      long fileBytes = open.sizeBytes();
      boolean hasHash = Sha256.follows(fileBytes);
      long contentBytes = hasHash ? fileBytes - Sha256.SIZE_BYTES : fileBytes;
      byte[] hash = hasHash ? readHash(open, contentBytes) : null;
      ImageFormat format = recognizer.recognize(open, contentBytes, hasHash);
      return new SnapshotFile(disk, file, fileBytes, hash, format);
    }
  }

  private static byte[] readHash(DiskFile open, long contentBytes) {
    byte[] hash = new byte[Sha256.SIZE_BYTES];
    open.readFully(contentBytes, ByteBuffer.wrap(hash));
    return hash;
  }

  /**
   * Which file.
   *
   * @return the path it was inspected by
   */
  public Path path() {
    return path;
  }

  /**
   * What wrote the image.
   *
   * @return {@code etcd}, or the name of an engine
   */
  public String format() {
    return format.name();
  }

  /**
   * How long the file is.
   *
   * @return bytes, the hash included
   */
  public long fileBytes() {
    return fileBytes;
  }

  /**
   * How long the image is: what etcd's tools call total size.
   *
   * @return bytes; for an etcd image as its pages tell (a live database file may be longer), else
   *     the file without its hash
   */
  public long imageSizeBytes() {
    return format.imageSizeBytes();
  }

  /**
   * Whether the file ends with a hash, as its length tells.
   *
   * @return false for a store or another file that is no snapshot
   */
  public boolean hasHash() {
    return hash != null;
  }

  /**
   * The hash at the end of the file; whether it fits is for {@link #verify()} to say.
   *
   * @return 64 lower-case hex digits; empty without a hash
   */
  public Optional<String> sha256Hex() {
    return Optional.ofNullable(hash).map(HexFormat.of()::formatHex);
  }

  /**
   * Reads the whole image and compares its SHA-256 with the one behind it.
   *
   * @throws StorageException {@code hash-mismatch}; {@code corrupt} without a hash, or when the
   *     file has become shorter; {@code io}
   */
  public void verify() {
    verify(Progress.NONE);
  }

  /**
   * As {@link #verify()}.
   *
   * @param progress is told how much of the image is read
   * @throws StorageException as {@link #verify()}
   */
  public void verify(Progress progress) {
    if (hash == null) {
      throw StorageException.of(
          Code.CORRUPT,
          path,
          "has no SHA-256 at its end (%d bytes): cut short, or never a snapshot"
              .formatted(fileBytes));
    }
    byte[] actual = Sha256.ofImage(disk, path, fileBytes - Sha256.SIZE_BYTES, progress);
    if (!Arrays.equals(hash, actual)) {
      throw StorageException.of(
          Code.HASH_MISMATCH,
          path,
          "ends with SHA-256 %s but its bytes have %s; it was damaged after it was saved"
              .formatted(HexFormat.of().formatHex(hash), HexFormat.of().formatHex(actual)));
    }
  }

  /**
   * Opens the content in place, without a copy. A file without a hash is read as a store first.
   *
   * @return a view that the caller closes
   * @throws StorageException {@code corrupt}, {@code io}; {@code unsupported} for a store that is
   *     not Cairn's, or a bbolt file with nested buckets or sequences; {@code locked}
   */
  public ReadView openView() {
    return openView(false);
  }

  /**
   * As {@link #openView()}, but a bbolt file may have sequences; the view does not show them.
   *
   * @param dropSequences whether sequences are left out rather than refused
   * @return a view that the caller closes
   * @throws StorageException as {@link #openView()}
   */
  public ReadView openView(boolean dropSequences) {
    return format.openView(dropSequences);
  }

  /**
   * Looks at everything in the image: the structure of its pages where it is an etcd image, and
   * every entry. It does not compare the hash.
   *
   * @return what was found; damage is a finding, not an exception
   * @throws StorageException {@code not-found}, {@code io}
   */
  public CheckReport check() {
    return format.check();
  }

  ImageFormat imageFormat() {
    return format;
  }

  Disk disk() {
    return disk;
  }
}
