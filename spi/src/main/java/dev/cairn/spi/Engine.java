package dev.cairn.spi;

import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * A storage technology. Implementations are listed in {@code META-INF/services} and have a public
 * constructor without parameters that loads nothing heavy; they are immutable and thread-safe.
 */
public interface Engine {
  /**
   * What this engine is.
   *
   * @return constant; must not load native code
   */
  EngineInfo info();

  /**
   * Whether a file is a store or a native image of this engine, as far as its bytes tell. It may
   * read anywhere and must not throw on junk. A file of the library that Cairn did not make may be
   * recognised: {@link #open} then refuses it by name.
   *
   * @param head the file
   * @return true when this engine is the one to open it
   */
  boolean recognizes(HeadReader head);

  /**
   * Opens a store and takes its lock. Every engine keeps {Cairn format version, store id} in a
   * reserved place, never visible as a bucket. A store or its options that are refused must leave
   * the file as it was.
   *
   * @param store the store's main file; its directory exists
   * @param config how
   * @return a backend that the caller closes
   * @throws StorageException {@code not-found}; {@code locked} by another opener in this or another
   *     process; {@code corrupt}; {@code unsupported} for a file of the library that is not a Cairn
   *     store, a newer format version, an unknown option, or a durability that cannot be promised;
   *     {@code io}
   */
  Backend open(Path store, BackendConfig config);

  /**
   * Reads a native image in place, without a copy and without changing a byte of it.
   *
   * @param image a file that starts with an image
   * @param imageSizeBytes how long the image is; what lies behind it (a hash) is not looked at
   * @return a view that the caller closes
   * @throws StorageException {@code corrupt}, {@code unsupported} or {@code io}
   */
  ReadView openImage(Path image, long imageSizeBytes);

  /**
   * Turns a native image into a new store: the inverse of {@link Snapshot#writeTo}. The store gets
   * an identity of its own. Everything is fsynced when it returns; when it throws, nothing is left.
   *
   * @param image read to its announced size, not closed
   * @param imageSizeBytes how many bytes to read
   * @param store where to; must not exist, and its directory must
   * @throws StorageException {@code exists}, {@code corrupt} (also when the image ends early),
   *     {@code full} or {@code io}
   */
  void install(ReadableByteChannel image, long imageSizeBytes, Path store);

  /**
   * The files that a store at this path has or may have. Who replaces or restores a store knows no
   * more of it than this, and relies on two things:
   *
   * <ul>
   *   <li>A store that was closed without a failure is its main file alone: the sidecars may then
   *       be deleted, and the main file renamed by itself.
   *   <li>An open store may be moved aside: its files are renamed in this order, each keeping what
   *       its name has behind the main file's, and another store takes their names. Nothing is
   *       committed to it afterwards; its views and snapshots must read on, and nothing it does,
   *       its closing included, may touch a file by the old name.
   * </ul>
   *
   * @param store the store's main file
   * @return the main file and its sidecars, which are plain files named by the main file's name
   *     with something behind it; most dependent first, so that the main file is last
   */
  List<Path> files(Path store);
}
