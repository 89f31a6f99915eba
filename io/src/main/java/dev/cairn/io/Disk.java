package dev.cairn.io;

import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files and directories, with the durability rules spelt out. Thread-safe. Every failure is a
 * {@link StorageException} that names the file: {@code io}, {@code full} for no space, {@code
 * not-found}, {@code exists}. No method is harmed by an interrupt of the calling thread.
 *
 * <p>What survives a power cut: bytes and length of a file after {@link DiskFile#sync()}; the
 * creation, renaming or deletion of a name after {@link #syncDirectory} of its directory. Nothing
 * else.
 */
public interface Disk {
  /** How a file is opened. */
  enum Mode {
    /** To read; {@code not-found} when absent. */
    READ,
    /** To read and write; {@code not-found} when absent. */
    READ_WRITE,
    /** To read and write; made, empty and with mode 0600, when absent. */
    CREATE,
    /** To read and write; made, empty and with mode 0600; {@code exists} when there. */
    CREATE_NEW,
    /** As {@link #CREATE_NEW}, but others may read it as the process's umask allows. */
    CREATE_NEW_READABLE;

    /**
     * Whether a file that is there is refused.
     *
     * @return true for those that make a file in any case
     */
    public boolean isNew() {
      return this == CREATE_NEW || this == CREATE_NEW_READABLE;
    }
  }

  /**
   * Opens a regular file.
   *
   * @param file its path
   * @param mode how
   * @return a file that the caller closes
   */
  DiskFile open(Path file, Mode mode);

  /**
   * Opens a regular file to read it past the system's cache, where the disk can do so: for a large
   * file that is read forward once, and for proving what is on the disk itself.
   *
   * @param file its path
   * @return a file that the caller closes
   */
  default DiskFile openUncached(Path file) {
    return open(file, Mode.READ);
  }

  /**
   * Whether a name is there, be it file or directory.
   *
   * @param path the name
   * @return true when there
   */
  boolean exists(Path path);

  /**
   * Whether a name is a directory.
   *
   * @param path the name
   * @return true when it is
   */
  boolean isDirectory(Path path);

  /**
   * The length of a file.
   *
   * @param file a regular file
   * @return bytes
   */
  long sizeBytes(Path file);

  /**
   * Renames within one file system, at once and replacing a file that has the target's name.
   * Durable only after the directory is synced.
   *
   * @param from the old name
   * @param to the new name
   */
  void rename(Path from, Path to);

  /**
   * Renames a regular file within one file system unless the new name is taken, also when another
   * process takes it at the same moment. Durable as {@link #rename}; a power cut before that may
   * leave the file under both names.
   *
   * @param from the old name
   * @param to the new name
   * @throws StorageException {@code exists} when the new name is there, which stays as it is
   */
  void renameNew(Path from, Path to);

  /**
   * Deletes a file or an empty directory; a no-op when absent.
   *
   * @param path the name
   */
  void delete(Path path);

  /**
   * The names in a directory.
   *
   * @param directory an existing directory
   * @return full paths in the order of their names
   */
  List<Path> list(Path directory);

  /**
   * Makes one directory with mode 0700; {@code exists} when the name is there.
   *
   * @param directory a path whose parent exists
   */
  void createDirectory(Path directory);

  /**
   * Makes the names in a directory durable.
   *
   * @param directory an existing directory
   */
  void syncDirectory(Path directory);

  /**
   * Locks a file against every other opener that asks, in this process or another one.
   *
   * @param file an existing regular file
   * @param shared whether others may hold it shared as well; an exclusive lock needs a writable
   *     file
   * @return a lock that the caller closes
   * @throws StorageException {@code locked} when another one holds it
   */
  DiskLock lock(Path file, boolean shared);

  /**
   * Space left for files in a directory.
   *
   * @param directory an existing directory
   * @return bytes
   */
  long freeBytes(Path directory);
}
