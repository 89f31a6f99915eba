package dev.cairn.engine.lmdb;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.EngineInfo.Option;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.List;
import java.util.stream.Collectors;

/** What the engine's options say. */
record LmdbOptions(long mapSizeBytes, long mapSizeBytesMax, int readersMax) {
  private static final String MAP_SIZE = "lmdb.mapSizeBytes";
  private static final String MAP_SIZE_MAX = "lmdb.mapSizeBytesMax";
  private static final String READERS_MAX = "lmdb.maxReaders";

  // Address space is not memory: the map is only reserved, so a large one costs nothing.
  private static final long MAP_SIZE_DEFAULT = 16L << 30;
  private static final long MAP_SIZE_MAX_DEFAULT = 1L << 40;
  private static final long READERS_MAX_DEFAULT = 512;
  private static final long READERS_MAX_BOUND = 1 << 16;

  /** The map is a whole number of these. */
  private static final long MAP_STEP_BYTES = 1 << 16;

  static final List<Option> LIST =
      List.of(
          new Option(
              MAP_SIZE,
              Long.toString(MAP_SIZE_DEFAULT),
              "address space reserved at open; it doubles when the store outgrows it"),
          new Option(
              MAP_SIZE_MAX,
              Long.toString(MAP_SIZE_MAX_DEFAULT),
              "largest size of the store; a commit that needs more is rejected as full"),
          new Option(
              READERS_MAX,
              Long.toString(READERS_MAX_DEFAULT),
              "how many views and snapshots may be open at once"));

  static LmdbOptions of(BackendConfig config) {
    config.checkOptions(
        LmdbEngine.NAME, LIST.stream().map(Option::name).collect(Collectors.toList()));
    long max = roundUp(config.optionPositive(MAP_SIZE_MAX, MAP_SIZE_MAX_DEFAULT));
    long initial = roundUp(config.optionPositive(MAP_SIZE, Math.min(MAP_SIZE_DEFAULT, max)));
    if (initial > max) {
      throw StorageException.of(
          Code.LIMIT,
          "option " + MAP_SIZE + " " + initial + " is over " + MAP_SIZE_MAX + " " + max);
    }
    long readers = config.optionPositive(READERS_MAX, READERS_MAX_DEFAULT);
    if (readers > READERS_MAX_BOUND) {
      throw StorageException.of(
          Code.LIMIT, "option " + READERS_MAX + " is at most " + READERS_MAX_BOUND);
    }
    return new LmdbOptions(initial, max, (int) readers);
  }

  private static long roundUp(long bytes) {
    if (bytes > Long.MAX_VALUE - MAP_STEP_BYTES) {
      throw StorageException.of(Code.LIMIT, "a map of " + bytes + " bytes is too large");
    }
    return (bytes + MAP_STEP_BYTES - 1) / MAP_STEP_BYTES * MAP_STEP_BYTES;
  }
}
