package dev.cairn.testkit;

import java.nio.file.Path;
import java.util.stream.Collectors;

/** One call that reached a {@link SimulatedDisk}, as faults and listeners see it. Immutable. */
public final class DiskOperation {
  /** What was asked. */
  public enum Kind {
    /** A file was made by opening it. */
    CREATE,
    /** Bytes are written. */
    WRITE,
    /** A file is cut or extended. */
    SET_LENGTH,
    /** A file is synced. */
    SYNC,
    /** A name is changed, replacing or not. */
    RENAME,
    /** A name is deleted that was there. */
    DELETE,
    /** A directory is made. */
    CREATE_DIRECTORY,
    /** A directory is synced. */
    SYNC_DIRECTORY,
    /** Bytes are read. Changes nothing, so it has no number and is never a place to cut. */
    READ
  }

  private static final StackWalker STACK = StackWalker.getInstance();

  private final Kind kind;
  private final Path path;
  private final long number;
  private final long numberOfKind;

  DiskOperation(Kind kind, Path path, long number, long numberOfKind) {
    this.kind = kind;
    this.path = path;
    this.number = number;
    this.numberOfKind = numberOfKind;
  }

  /**
   * What was asked.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Of which file.
   *
   * @return an absolute path; the old name of a rename
   */
  public Path path() {
    return path;
  }

  /**
   * Its place among the operations that change the disk.
   *
   * @return from 1; 0 for a read
   */
  public long number() {
    return number;
  }

  /**
   * Its place among the operations of its kind.
   *
   * @return from 1
   */
  public long numberOfKind() {
    return numberOfKind;
  }

  /**
   * Whether it is to make something durable.
   *
   * @return true for a file and for a directory
   */
  public boolean isSync() {
    return kind == Kind.SYNC || kind == Kind.SYNC_DIRECTORY;
  }

  /**
   * Who asked. Told on the asking thread only, while the call lasts.
   *
   * @param frames how many stack frames, innermost first; at least 1
   * @return such as {@code AtomicFile.commit:71}, frames separated by {@code <}
   */
  public static String site(int frames) {
    return STACK.walk(
        stack ->
            stack
                .dropWhile(frame -> !isDisk(frame.getClassName()))
                .dropWhile(frame -> isDisk(frame.getClassName()))
                .limit(frames)
                .map(DiskOperation::text)
                .collect(Collectors.joining(" < ")));
  }

  private static boolean isDisk(String name) {
    String outer = name.replaceFirst("\\$.*", "");
    return outer.equals(SimulatedDisk.class.getName())
        || outer.equals(SimulatedFile.class.getName());
  }

  private static String text(StackWalker.StackFrame frame) {
    String name = frame.getClassName();
    String simple = name.substring(name.lastIndexOf('.') + 1);
    return simple + "." + frame.getMethodName() + ":" + frame.getLineNumber();
  }

  @Override
  public String toString() {
    return "#" + number + " " + kind + " " + path;
  }
}
