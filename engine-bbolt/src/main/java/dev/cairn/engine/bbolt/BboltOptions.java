package dev.cairn.engine.bbolt;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.EngineInfo.Option;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.List;
import java.util.Optional;

/**
 * What the engine's options say.
 *
 * @param cacheBytes how much of the pages is kept in memory
 * @param pageSizeBytes of a store that is made
 * @param storesFreelist whether commits write the freelist; empty: as the file has it
 */
record BboltOptions(long cacheBytes, int pageSizeBytes, Optional<Boolean> storesFreelist) {
  private static final String CACHE = "bbolt.cacheBytes";
  private static final String PAGE_SIZE = "bbolt.pageSizeBytes";
  private static final String FREELIST = "bbolt.freelist";

  private static final long CACHE_BYTES_DEFAULT_MAX = 256L << 20;
  private static final int PAGE_SIZE_DEFAULT = 4096;
  private static final String STORED = "stored";
  private static final String SCANNED = "scanned";

  static final List<Option> LIST =
      List.of(
          new Option(
              CACHE,
              "a quarter of the heap, at most " + CACHE_BYTES_DEFAULT_MAX,
              "how much of the pages is kept in memory"),
          new Option(
              PAGE_SIZE,
              Integer.toString(PAGE_SIZE_DEFAULT),
              "of a store that is made: a power of two from 512 to 65536"),
          new Option(
              FREELIST,
              "as the file has it; stored in a new one",
              "stored: each commit writes the list of free pages; scanned: none does, as in etcd,"
                  + " and opening reads all pages but large values"));

  static BboltOptions of(BackendConfig config) {
    config.checkOptions(BboltEngine.NAME, LIST.stream().map(Option::name).toList());
    return new BboltOptions(
        config.optionPositive(CACHE, cacheBytesDefault()),
        pageSizeBytes(config),
        storesFreelist(config));
  }

  static long cacheBytesDefault() {
    return Math.min(CACHE_BYTES_DEFAULT_MAX, Runtime.getRuntime().maxMemory() / 4);
  }

  private static int pageSizeBytes(BackendConfig config) {
    long sizeBytes = config.optionPositive(PAGE_SIZE, PAGE_SIZE_DEFAULT);
    if (sizeBytes < Layout.PAGE_SIZE_MIN
        || sizeBytes > Layout.PAGE_SIZE_MAX
        || Long.bitCount(sizeBytes) != 1) {
      throw StorageException.of(
          Code.LIMIT,
          "option " + PAGE_SIZE + " is a power of two from 512 to 65536, not " + sizeBytes);
    }
    return (int) sizeBytes;
  }

  private static Optional<Boolean> storesFreelist(BackendConfig config) {
    String text = config.options().get(FREELIST);
    if (text == null) {
      return Optional.empty();
    }
    if (!text.equals(STORED) && !text.equals(SCANNED)) {
      throw StorageException.of(
          Code.LIMIT,
          "option %s is \"%s\" or \"%s\", not \"%s\"".formatted(FREELIST, STORED, SCANNED, text));
    }
    return Optional.of(text.equals(STORED));
  }
}
