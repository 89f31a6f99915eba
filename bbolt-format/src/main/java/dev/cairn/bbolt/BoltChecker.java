package dev.cairn.bbolt;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;

/**
 * Looks at every page of a file that something leads to, and reports what is wrong: the metas; the
 * freelist (ids outside the file, twice, or of pages in use); pages that are in no tree and not
 * free, or in two places; headers; elements outside their page; keys out of order or outside what
 * the parent gives; the rules of inline buckets. Values that go on over further pages are not read.
 *
 * <p>It keeps two bits a page and the pages from a root to a leaf, and ends after as many steps as
 * the file has elements, whatever the bytes are.
 */
public final class BoltChecker {
  private BoltChecker() {}

  /**
   * Checks a file that could be opened.
   *
   * @param file left open
   * @return what was found; damaged bytes never make it throw
   * @throws StorageException {@code io}, {@code closed}, or {@code limit} for a file of more than
   *     2^31 - 1 pages
   */
  public static BoltReport check(BoltFile file) {
    file.checkOpen();
    return new FileCheck(file).run();
  }

  /**
   * Checks a file that may be too damaged to be opened: that is a finding too.
   *
   * @param disk where
   * @param path the file
   * @param sizeBytes how much of it counts
   * @return what was found
   * @throws StorageException {@code not-found} or {@code io}
   */
  public static BoltReport check(Disk disk, Path path, long sizeBytes) {
    try (BoltFile file = BoltFile.open(disk, path, sizeBytes)) {
      return check(file);
    } catch (StorageException e) {
      if (e.code() != Code.CORRUPT) {
        throw e;
      }
      return new BoltReport(List.of(withoutPath(e, path)), 0, 0, 0, 0);
    }
  }

  /** A message without the file that it starts with: every line of a report is about that file. */
  static String withoutPath(StorageException e, Path path) {
    String start = path + ": ";
    String message = e.getMessage();
    return message.startsWith(start) ? message.substring(start.length()) : message;
  }
}
