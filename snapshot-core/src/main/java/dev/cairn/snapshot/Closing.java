package dev.cairn.snapshot;

/** Closing what is no longer needed, when a failure of it must not undo what was done. */
final class Closing {
  private static final System.Logger LOG = System.getLogger(Closing.class.getName());

  private Closing() {}

  /** Closes; a failure is logged as one of {@code what}. */
  static void quietly(AutoCloseable resource, String what) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.WARNING, what + " failed: " + e.getMessage());
    }
  }
}
