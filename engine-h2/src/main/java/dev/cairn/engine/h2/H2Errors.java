package dev.cairn.engine.h2;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/** Says MVStore's failures in the words of the contract. */
final class H2Errors {
  private H2Errors() {}

  /**
   * Runs something that reads bytes which may be damaged; MVStore may then throw anything.
   *
   * @param path for the message
   */
  static <T> T reading(Path path, Supplier<T> what) {
    try {
      return what.get();
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      throw ofRead(path, e);
    }
  }

  private static StorageException ofRead(Path path, Throwable failure) {
    StorageException ours = ours(failure);
    if (ours != null) {
      return ours;
    }
    boolean closed =
        failure instanceof MVStoreException mv && mv.getErrorCode() == DataUtils.ERROR_CLOSED;
    return closed ? io(path, failure) : corrupt(path, failure);
  }

  /** The failure of a commit, of which nobody knows how far it came: never a mere rejection. */
  static StorageException ofCommit(Path path, Throwable failure) {
    StorageException ours = ours(failure);
    if (ours != null) {
      boolean says = ours.code() == Code.IO || ours.code() == Code.CORRUPT;
      return says ? ours : io(path, ours);
    }
    boolean damage =
        failure instanceof MVStoreException mv
            && (mv.getErrorCode() == DataUtils.ERROR_FILE_CORRUPT
                || mv.getErrorCode() == DataUtils.ERROR_CHUNK_NOT_FOUND);
    return damage ? corrupt(path, failure) : io(path, failure);
  }

  /** A failure of our own that MVStore has wrapped. */
  private static StorageException ours(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof StorageException storage) {
        return storage;
      }
    }
    return null;
  }

  private static StorageException io(Path path, Throwable cause) {
    String what = "H2 failed, open it anew: " + oneLine(cause);
    return StorageException.of(Code.IO, path, what, cause);
  }

  private static StorageException corrupt(Path path, Throwable cause) {
    return StorageException.of(Code.CORRUPT, path, "H2 finds it damaged: " + oneLine(cause), cause);
  }

  private static String oneLine(Throwable cause) {
    String message = cause instanceof StorageException ? cause.getMessage() : cause.toString();
    return message.lines().findFirst().orElse("");
  }
}
