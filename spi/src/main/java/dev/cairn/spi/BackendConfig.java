package dev.cairn.spi;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a store is opened. Immutable; every {@code with} returns a changed copy. */
public final class BackendConfig {
  /** What the opener may do. */
  public enum Access {
    /** Reads and writes; makes the store where it is absent. */
    READ_WRITE_CREATE,
    /** Reads and writes; {@code not-found} where the store is absent. */
    READ_WRITE,
    /** Reads: creates nothing, locks nothing for write and replays nothing on disk. */
    READ_ONLY
  }

  /** What a returned commit promises. */
  public enum Durability {
    /** It survives a power loss. */
    SYNC,
    /**
     * Commits stay whole and in order; a power loss may take the last ones, never corrupt. An
     * engine that cannot promise that must refuse it with {@code unsupported}.
     */
    RELAXED
  }

  /** Smallest default of {@link #pinnedBytesMax(long)}. */
  public static final long PINNED_BYTES_DEFAULT = 1L << 30;

  private static final BackendConfig DEFAULTS =
      new BackendConfig(
          Access.READ_WRITE_CREATE,
          Durability.SYNC,
          OptionalLong.empty(),
          OptionalLong.empty(),
          Map.of(),
          BackendListener.NONE);

  private final Access access;
  private final Durability durability;
  private final OptionalLong pinnedBytesMax;
  private final OptionalLong pinMillisMax;
  private final Map<String, String> options;
  private final BackendListener listener;

  private BackendConfig(
      Access access,
      Durability durability,
      OptionalLong pinnedBytesMax,
      OptionalLong pinMillisMax,
      Map<String, String> options,
      BackendListener listener) {
    this.access = access;
    this.durability = durability;
    this.pinnedBytesMax = pinnedBytesMax;
    this.pinMillisMax = pinMillisMax;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Read-write, made where absent, SYNC, pins bounded by bytes only, no options.
   *
   * @return the defaults
   */
  public static BackendConfig defaults() {
    return DEFAULTS;
  }

  /**
   * The same with another access.
   *
   * @param newAccess what the opener may do
   * @return a changed copy
   */
  public BackendConfig withAccess(Access newAccess) {
    return new BackendConfig(
        newAccess, durability, pinnedBytesMax, pinMillisMax, options, listener);
  }

  /**
   * The same with another durability.
   *
   * @param newDurability what a returned commit promises
   * @return a changed copy
   */
  public BackendConfig withDurability(Durability newDurability) {
    return new BackendConfig(
        access, newDurability, pinnedBytesMax, pinMillisMax, options, listener);
  }

  /**
   * The same with a bound on the bytes that pins may keep.
   *
   * @param bytes at least 1
   * @return a changed copy
   */
  public BackendConfig withPinnedBytesMax(long bytes) {
    OptionalLong bound = OptionalLong.of(positive("pinnedBytesMax", bytes));
    return new BackendConfig(access, durability, bound, pinMillisMax, options, listener);
  }

  /**
   * The same with a bound on the age of a pin.
   *
   * @param millis at least 1
   * @return a changed copy
   */
  public BackendConfig withPinMillisMax(long millis) {
    OptionalLong bound = OptionalLong.of(positive("pinMillisMax", millis));
    return new BackendConfig(access, durability, pinnedBytesMax, bound, options, listener);
  }

  /**
   * The same with one more engine option; {@code lmdb.mapSizeBytes} and the like, as {@link
   * EngineInfo#options()} lists them.
   *
   * @param name the option's name
   * @param value its value as text
   * @return a changed copy
   */
  public BackendConfig withOption(String name, String value) {
    Map<String, String> more = new TreeMap<>(options);
    more.put(name, value);
    return new BackendConfig(
        access, durability, pinnedBytesMax, pinMillisMax, Map.copyOf(more), listener);
  }

  /**
   * The same without engine options, for another engine.
   *
   * @return a changed copy
   */
  public BackendConfig withoutOptions() {
    return new BackendConfig(access, durability, pinnedBytesMax, pinMillisMax, Map.of(), listener);
  }

  /**
   * The same with a listener.
   *
   * @param newListener is told about long pins
   * @return a changed copy
   */
  public BackendConfig withListener(BackendListener newListener) {
    return new BackendConfig(
        access, durability, pinnedBytesMax, pinMillisMax, options, newListener);
  }

  /**
   * What the opener may do.
   *
   * @return the access
   */
  public Access access() {
    return access;
  }

  /**
   * What a returned commit promises.
   *
   * @return the durability
   */
  public Durability durability() {
    return durability;
  }

  /**
   * The bound on the bytes that pins may keep: past it the oldest pin is revoked.
   *
   * @param liveBytes how much the newest version uses
   * @return the configured bound, or the larger of 1 GiB and the live size
   */
  public long pinnedBytesMax(long liveBytes) {
    return pinnedBytesMax.orElse(Math.max(PINNED_BYTES_DEFAULT, liveBytes));
  }

  /**
   * The bound on the age of a pin, in milliseconds.
   *
   * @return the bound; empty when age is not bounded
   */
  public OptionalLong pinMillisMax() {
    return pinMillisMax;
  }

  /**
   * The engine options.
   *
   * @return an unmodifiable map
   */
  public Map<String, String> options() {
    return options;
  }

  /**
   * Who is told about long pins.
   *
   * @return the listener
   */
  public BackendListener listener() {
    return listener;
  }

  /**
   * An option that is a whole number.
   *
   * @param name the option's name
   * @param otherwise its default
   * @return the value given, or the default
   * @throws StorageException {@code limit} when it is no whole number above 0
   */
  public long optionPositive(String name, long otherwise) {
    String text = options.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return positive(name, Long.parseLong(text));
    } catch (NumberFormatException notNumber) {
      throw StorageException.of(
          StorageException.Code.LIMIT,
          "option " + name + " takes a whole number above 0, not \"" + text + "\"");
    }
  }

  /**
   * Refuses options that the engine does not know.
   *
   * @param engine whose options these are
   * @param known the names it knows
   * @throws StorageException {@code unsupported}, naming the valid ones
   */
  public void checkOptions(String engine, Collection<String> known) {
    for (String name : options.keySet()) {
      if (!known.contains(name)) {
        String valid = known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known));
        throw StorageException.of(
            StorageException.Code.UNSUPPORTED,
            "no option \"" + name + "\" in engine " + engine + "; valid: " + valid);
      }
    }
  }

  private static long positive(String name, long value) {
    if (value < 1) {
      throw StorageException.of(StorageException.Code.LIMIT, name + " is at least 1, not " + value);
    }
    return value;
  }
}
