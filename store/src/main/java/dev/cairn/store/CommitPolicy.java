package dev.cairn.store;

/**
 * When an update becomes durable, and how much may be pending. Immutable.
 *
 * <p>With either policy at most {@code bytesMax} are pending beside a commit in flight that carries
 * as much again; an update that finds no room waits for a commit, and one that is larger than the
 * whole bound is committed alone.
 */
public final class CommitPolicy {
  /** How many writes one commit carries unless set otherwise. */
  public static final int OPS_MAX_DEFAULT = 10_000;

  /** How many bytes of keys and values one commit carries unless set otherwise. */
  public static final long BYTES_MAX_DEFAULT = 16L << 20;

  /** How long a write stays pending unless set otherwise, in milliseconds. */
  public static final long DELAY_MILLIS_MAX_DEFAULT = 100;

  private static final CommitPolicy IMMEDIATE =
      new CommitPolicy(true, OPS_MAX_DEFAULT, BYTES_MAX_DEFAULT, 0);

  private final boolean immediate;
  private final int opsMax;
  private final long bytesMax;
  private final long delayMillisMax;

  private CommitPolicy(boolean immediate, int opsMax, long bytesMax, long delayMillisMax) {
    this.immediate = immediate;
    this.opsMax = opsMax;
    this.bytesMax = bytesMax;
    this.delayMillisMax = delayMillisMax;
  }

  /**
   * An update is durable when it returns. Updates of other threads that come while a commit is in
   * flight share the next one.
   *
   * @return the default policy
   */
  public static CommitPolicy immediate() {
    return IMMEDIATE;
  }

  /**
   * An update is visible when it returns and durable with the next batch: after 10,000 writes, 16
   * MiB or 100 ms, whichever comes first.
   *
   * @return the policy with the default bounds
   */
  public static CommitPolicy batched() {
    return batched(OPS_MAX_DEFAULT, BYTES_MAX_DEFAULT, DELAY_MILLIS_MAX_DEFAULT);
  }

  /**
   * An update is visible when it returns and durable with the next batch.
   *
   * @param opsMax writes that start a batch, at least 1
   * @param bytesMax bytes of keys and values that start a batch, at least 1
   * @param delayMillisMax how long a write may stay pending, at least 1
   * @return the policy
   * @throws IllegalArgumentException when a bound is below 1
   */
  public static CommitPolicy batched(int opsMax, long bytesMax, long delayMillisMax) {
    if (opsMax < 1 || bytesMax < 1 || delayMillisMax < 1) {
      throw new IllegalArgumentException("every bound of a commit policy is at least 1");
    }
    return new CommitPolicy(false, opsMax, bytesMax, delayMillisMax);
  }

  /**
   * Whether an update is durable when it returns.
   *
   * @return false when batched
   */
  public boolean isImmediate() {
    return immediate;
  }

  /**
   * How many writes start a batch.
   *
   * @return at least 1
   */
  public int opsMax() {
    return opsMax;
  }

  /**
   * How many bytes of keys and values start a batch.
   *
   * @return at least 1
   */
  public long bytesMax() {
    return bytesMax;
  }

  /**
   * How long a write may stay pending.
   *
   * @return milliseconds; 0 when immediate
   */
  public long delayMillisMax() {
    return delayMillisMax;
  }
}
