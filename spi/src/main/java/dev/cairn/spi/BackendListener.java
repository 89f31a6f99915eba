package dev.cairn.spi;

/**
 * Is told about pins that are held for long. Called from the backend's own thread or a committing
 * one: it must return quickly and must not call the backend. What it throws is logged and ignored.
 */
public interface BackendListener {
  /** Hears nothing. */
  BackendListener NONE =
      new BackendListener() {
        @Override
        public void pinHeld(String openedAt, long ageMillis) {}

        @Override
        public void pinRevoked(String openedAt, long ageMillis, String reason) {}
      };

  /**
   * A view or snapshot has been open for 30 seconds; told once for each.
   *
   * @param openedAt the stack that opened it, one frame a line
   * @param ageMillis how long it has been open
   */
  void pinHeld(String openedAt, long ageMillis);

  /**
   * A view or snapshot was revoked: its next call throws {@code expired}.
   *
   * @param openedAt the stack that opened it, one frame a line
   * @param ageMillis how long it was open
   * @param reason which limit was passed, with its figures
   */
  void pinRevoked(String openedAt, long ageMillis, String reason);
}
