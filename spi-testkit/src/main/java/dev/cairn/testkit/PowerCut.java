package dev.cairn.testkit;

/**
 * The power is gone: thrown by every call of a {@link SimulatedDisk} that comes after its cut. An
 * error, so that code which handles failures of a disk does not take it for one.
 */
public final class PowerCut extends Error {
  private static final long serialVersionUID = 1L;

  PowerCut(long operations) {
    super("the power was cut after " + operations + " operations");
  }
}
