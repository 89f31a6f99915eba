package dev.cairn.engine.h2;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.EngineInfo.Option;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.List;

/**
 * What the engine's options say.
 *
 * @param cacheMebibytes how much of the file MVStore keeps in the heap, once decoded
 * @param compactBytesMax how much live data a commit moves at most to make room
 */
record H2Options(int cacheMebibytes, int compactBytesMax) {
  private static final String CACHE = "h2.cacheBytes";
  private static final String COMPACT = "h2.compactBytesMax";
  private static final long CACHE_DEFAULT = 16L << 20;
  private static final long COMPACT_DEFAULT = 1L << 20;
  private static final int MEBIBYTE = 1 << 20;

  static final List<Option> LIST =
      List.of(
          new Option(
              CACHE, Long.toString(CACHE_DEFAULT), "heap for decoded pages, in whole mebibytes"),
          new Option(
              COMPACT,
              Long.toString(COMPACT_DEFAULT),
              "how many bytes of live pages one commit moves at most, to free their chunks"));

  static H2Options of(BackendConfig config) {
    config.checkOptions(H2Engine.NAME, LIST.stream().map(Option::name).toList());
    if (config.durability() == Durability.RELAXED) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          "engine h2 has no relaxed durability: unsynced chunks may be torn and are not all"
              + " checksummed; use sync");
    }
    long cache = config.optionPositive(CACHE, CACHE_DEFAULT);
    long compact = config.optionPositive(COMPACT, COMPACT_DEFAULT);
    checkMax(CACHE, cache, (long) Integer.MAX_VALUE * MEBIBYTE);
    checkMax(COMPACT, compact, Integer.MAX_VALUE);
    return new H2Options((int) Math.max(1, cache / MEBIBYTE), (int) compact);
  }

  private static void checkMax(String name, long value, long max) {
    if (value > max) {
      throw StorageException.of(Code.LIMIT, "option " + name + " is at most " + max);
    }
  }
}
