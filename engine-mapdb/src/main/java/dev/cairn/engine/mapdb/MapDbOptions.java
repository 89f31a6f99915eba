package dev.cairn.engine.mapdb;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.EngineInfo.Option;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The options of the engine, all in bytes.
 *
 * @param checkpointBytes see {@link #LIST}
 * @param cacheBytes see {@link #LIST}
 * @param undoHeapBytes see {@link #LIST}
 */
record MapDbOptions(long checkpointBytes, long cacheBytes, long undoHeapBytes) {
  private static final String CHECKPOINT = "mapdb.checkpointBytes";
  private static final String CACHE = "mapdb.cacheBytes";
  private static final String UNDO_HEAP = "mapdb.undoHeapBytes";
  private static final long CHECKPOINT_DEFAULT = 16L << 20;
  private static final long CACHE_DEFAULT = 16L << 20;
  private static final long UNDO_HEAP_DEFAULT = 8L << 20;

  static final List<Option> LIST =
      List.of(
          new Option(
              CHECKPOINT,
              Long.toString(CHECKPOINT_DEFAULT),
              "how many bytes of changed pages stand in the heap and in the journal before they go"
                  + " to the main file"),
          new Option(
              CACHE,
              Long.toString(CACHE_DEFAULT),
              "how many bytes of pages of the main file are kept in the heap"),
          new Option(
              UNDO_HEAP,
              Long.toString(UNDO_HEAP_DEFAULT),
              "how many bytes of pages kept for open views and snapshots stand in the heap before"
                  + " they go to a file"));

  static MapDbOptions of(BackendConfig config) {
    config.checkOptions(
        MapDbEngine.NAME, LIST.stream().map(Option::name).collect(Collectors.toList()));
    return new MapDbOptions(
        config.optionPositive(CHECKPOINT, CHECKPOINT_DEFAULT),
        config.optionPositive(CACHE, CACHE_DEFAULT),
        config.optionPositive(UNDO_HEAP, UNDO_HEAP_DEFAULT));
  }
}
