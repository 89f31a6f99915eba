package dev.cairn.io;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What the system's errors are called in ours. */
final class DiskFailures {
  private DiskFailures() {}

  /** The failure of anything but a sync. */
  static StorageException of(Path file, String what, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return StorageException.of(Code.NOT_FOUND, file, "no such file or directory", cause);
    }
    if (cause instanceof FileAlreadyExistsException) {
      return StorageException.of(Code.EXISTS, file, "exists already", cause);
    }
    if (cause instanceof DirectoryNotEmptyException) {
      return StorageException.of(Code.EXISTS, file, what + ": it is not empty", cause);
    }
    return isNoSpace(cause) ? noSpace(file, what, cause) : io(file, what, cause);
  }

  /**
   * The failure of something that takes space. The system words its errors in the user's language,
   * so where the words are unknown the space left tells.
   */
  static StorageException ofGrowth(Path file, String what, long wantedBytes, IOException cause) {
    Path directory = file.toAbsolutePath().getParent();
    long freeBytes = directory == null ? Long.MAX_VALUE : directory.toFile().getUsableSpace();
    return freeBytes < wantedBytes ? noSpace(file, what, cause) : of(file, what, cause);
  }

  /**
   * The failure of a sync is {@code io} even for want of space: {@code full} says that nothing was
   * changed, and after a failed sync nobody knows.
   */
  static StorageException ofSync(Path file, IOException cause) {
    return cause instanceof NoSuchFileException
        ? of(file, "cannot be synced", cause)
        : io(file, "cannot be synced", cause);
  }

  private static StorageException noSpace(Path file, String what, IOException cause) {
    return StorageException.of(
        Code.FULL, file, what + ": no space left on the device; free some and try again", cause);
  }

  private static StorageException io(Path file, String what, IOException cause) {
    return StorageException.of(Code.IO, file, what + ": " + reason(cause), cause);
  }

  private static boolean isNoSpace(IOException cause) {
    String reason = reason(cause);
    return reason.contains("No space left on device") || reason.contains("Disk quota exceeded");
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason =
        cause instanceof FileSystemException named && named.getReason() != null
            ? named.getReason()
            : cause.getMessage();
    return reason == null ? cause.getClass().getSimpleName() : reason;
  }
}
