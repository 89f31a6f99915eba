package dev.cairn.snapshot.grpc;

/** Says what a caller may do. Asked at the beginning of every call, by several threads at once. */
@FunctionalInterface
public interface CallerCheck {
  /**
   * The role of a caller. Should be quick; whatever it throws refuses the call, and is logged.
   *
   * @param caller who calls
   * @return the role, not null; {@link Role#NONE} refuses every call
   */
  Role roleOf(Caller caller);
}
