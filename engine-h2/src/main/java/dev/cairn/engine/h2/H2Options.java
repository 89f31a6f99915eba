package dev.cairn.engine.h2;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.EngineInfo.Option;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.List;

/**
 * What the engine's options say.
 *
 * @param cacheMebibytes how much of the file MVStore keeps in the heap, once decoded
 * @param compactBytesMax how much live data a commit moves at most to make room
 * @param slackBytes how much beyond twice what lives the chunks may take before that
 * @param unsavedBytesMax how much of a batch is in the heap before a chunk is written
 */
record H2Options(int cacheMebibytes, int compactBytesMax, int slackBytes, int unsavedBytesMax) {
  private static final String CACHE = "h2.cacheBytes";
  private static final String COMPACT = "h2.compactBytesMax";
  private static final String SLACK = "h2.slackBytes";
  private static final String UNSAVED = "h2.unsavedBytesMax";
  private static final int MEBIBYTE = 1 << 20;
  private static final int CACHE_DEFAULT = 16 * MEBIBYTE;
  private static final int COMPACT_DEFAULT = MEBIBYTE;
  private static final int SLACK_DEFAULT = MEBIBYTE;
  private static final int UNSAVED_DEFAULT = 32 * MEBIBYTE;

  static final List<Option> LIST =
      List.of(
          option(CACHE, CACHE_DEFAULT, "heap for decoded pages, in whole mebibytes"),
          option(
              COMPACT,
              COMPACT_DEFAULT,
              "how many bytes of live pages one commit moves at most, to free their chunks"),
          option(
              SLACK,
              SLACK_DEFAULT,
              "how many bytes beyond twice what lives the file may hold before pages are moved"),
          option(
              UNSAVED,
              UNSAVED_DEFAULT,
              "how many bytes of changed pages a batch keeps in the heap before it writes some"));

  private static Option option(String name, int defaultBytes, String meaning) {
    return new Option(name, Integer.toString(defaultBytes), meaning);
  }

  static H2Options of(BackendConfig config) {
    config.checkOptions(H2Engine.NAME, LIST.stream().map(Option::name).toList());
    return new H2Options(
        Math.max(1, bytes(config, CACHE, CACHE_DEFAULT) / MEBIBYTE),
        bytes(config, COMPACT, COMPACT_DEFAULT),
        bytes(config, SLACK, SLACK_DEFAULT),
        bytes(config, UNSAVED, UNSAVED_DEFAULT));
  }

  private static int bytes(BackendConfig config, String name, int otherwise) {
    long bytes = config.optionPositive(name, otherwise);
    if (bytes > Integer.MAX_VALUE) {
      throw StorageException.of(
          Code.LIMIT, "option " + name + " is at most " + Integer.MAX_VALUE + ", not " + bytes);
    }
    return (int) bytes;
  }
}
