package dev.cairn.spi;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Every failure of a store, a snapshot or a file of ours: a stable {@link #code()}, and where it
 * makes sense the file and the offset in it. The message is one line: what, which file, what to do.
 */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final long NO_OFFSET = -1;

  /** The closed list of what can be wrong. A caller may switch over it; it only grows. */
  public enum Code {
    /** The bytes are damaged, or are not what they claim to be. */
    CORRUPT("corrupt", 3),
    /** The bytes are not those that the hash was made of. */
    HASH_MISMATCH("hash-mismatch", 3),
    /** A file, a bucket or an engine that is not there. */
    NOT_FOUND("not-found", 4),
    /** A target that is there already and is not to be replaced. */
    EXISTS("exists", 5),
    /** Another opener, in this process or another one, has the store. */
    LOCKED("locked", 6),
    /** A view or snapshot was pinned past the configured bytes or time and has been revoked. */
    EXPIRED("expired", 6),
    /** The other side cannot be reached, broke off, or stalled. */
    UNAVAILABLE("unavailable", 6),
    /** No space: the disk, a quota, or a fixed size of the engine. */
    FULL("full", 7),
    /** A key, value, name, count or batch outside the limits. */
    LIMIT("limit", 1),
    /** Well-formed, but this engine or version cannot do it. */
    UNSUPPORTED("unsupported", 1),
    /** A change was asked of something opened read-only. */
    READ_ONLY("read-only", 1),
    /** The backend, view, cursor or snapshot is closed. */
    CLOSED("closed", 1),
    /** The operating system or the engine failed; the outcome of a commit is unknown. */
    IO("io", 1);

    private final String text;
    private final int exitCode;

    Code(String text, int exitCode) {
      this.text = text;
      this.exitCode = exitCode;
    }

    /**
     * The stable name, as it appears in logs and over the wire.
     *
     * @return lower case with dashes
     */
    public String text() {
      return text;
    }

    /**
     * The exit code of a command that ends with this.
     *
     * @return 1 to 7
     */
    public int exitCode() {
      return exitCode;
    }
  }

  private final Code code;
  private final transient Path file;
  private final long offsetBytes;

  private StorageException(
      Code code, String message, Path file, long offsetBytes, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.file = file;
    this.offsetBytes = offsetBytes;
  }

  /**
   * A failure that belongs to no file.
   *
   * @param code what kind
   * @param what one line: what is wrong and what to do
   * @return the exception, to be thrown
   */
  public static StorageException of(Code code, String what) {
    return new StorageException(code, what, null, NO_OFFSET, null);
  }

  /**
   * A failure of one file.
   *
   * @param code what kind
   * @param file the file; the message starts with it
   * @param what what is wrong and what to do
   * @return the exception, to be thrown
   */
  public static StorageException of(Code code, Path file, String what) {
    return new StorageException(code, file + ": " + what, file, NO_OFFSET, null);
  }

  /**
   * A failure of one file with the failure beneath it.
   *
   * @param code what kind
   * @param file the file; the message starts with it
   * @param what what is wrong and what to do
   * @param cause the failure beneath
   * @return the exception, to be thrown
   */
  public static StorageException of(Code code, Path file, String what, Throwable cause) {
    return new StorageException(code, file + ": " + what, file, NO_OFFSET, cause);
  }

  /**
   * Damage at a place in a file.
   *
   * @param file the file; the message starts with it
   * @param offsetBytes where in the file, from 0; the message names it
   * @param what what is wrong
   * @return a {@link Code#CORRUPT} exception, to be thrown
   */
  public static StorageException corrupt(Path file, long offsetBytes, String what) {
    String message = file + ": " + what + " (at byte " + offsetBytes + ")";
    return new StorageException(Code.CORRUPT, message, file, offsetBytes, null);
  }

  /**
   * This failure once more, for another call that it stands in the way of: the same code, message,
   * file and offset, with the stack of that call, and this one as its cause. An exception that is
   * thrown twice could meet itself in a {@code try} with resources, which does not bear that.
   *
   * @return a new exception, to be thrown
   */
  public StorageException again() {
    return new StorageException(code, getMessage(), file, offsetBytes, this);
  }

  /**
   * What kind of failure.
   *
   * @return one of the closed list
   */
  public Code code() {
    return code;
  }

  /**
   * Which file.
   *
   * @return the file, where there is one
   */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /**
   * Where in the file.
   *
   * @return an offset in bytes from 0, where there is one
   */
  public OptionalLong offsetBytes() {
    return offsetBytes == NO_OFFSET ? OptionalLong.empty() : OptionalLong.of(offsetBytes);
  }
}
