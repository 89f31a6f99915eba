package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.EtcdView;
import dev.cairn.etcd.KeyRange;
import dev.cairn.etcd.proto.RangeRequest;
import dev.cairn.etcd.proto.RangeRequest.SortTarget;
import dev.cairn.etcd.proto.RangeResponse;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/**
 * Ranges of keys, read from the changes of the store, since no index of keys is kept: each answer
 * costs passes over them, but that of a key that was asked for before. So ranges of more than a key
 * take turns, and each has a small part of the heap. Thread-safe.
 */
final class RangeAnswers {
  private static final int RANGES_AT_ONCE_MAX = 2;

  /** The share of the heap that each of them may take to follow keys. */
  private static final int HEAP_SHARE = 16;

  private final Store store;
  private final MaintenanceConfig config;
  private final KnownKeys known = new KnownKeys();
  private final Semaphore ranges = new Semaphore(RANGES_AT_ONCE_MAX);

  RangeAnswers(Store store, MaintenanceConfig config) {
    this.store = store;
    this.config = config;
  }

  RangeResponse range(RangeRequest request) {
    if (request.getKey().isEmpty()) {
      throw EtcdErrors.emptyKey();
    }
    // etcd 3.4 dies of a target that it does not know.
    if (request.getSortTarget() == SortTarget.UNRECOGNIZED) {
      throw EtcdErrors.invalidSortOption();
    }
    KeyRange keys =
        KeyRange.of(request.getKey().toByteArray(), request.getRangeEnd().toByteArray());
    if (keys.isSingle()) {
      return readSingle(keys, request);
    }
    if (!ranges.tryAcquire()) {
      throw EtcdErrors.exhausted(
          Code.UNAVAILABLE, "too many ranges are being read already; try again later");
    }
    try {
      return read(keys, request);
    } finally {
      ranges.release();
    }
  }

  private RangeResponse readSingle(KeyRange key, RangeRequest request) {
    String storeId = storeId();
    return store.view(
        view -> {
          long revision = revision(view, request.getRevision());
          boolean newest = revision == EtcdView.currentRevision(view);
          // Only what was this store before the view and is so now was it in between.
          if (!newest || !storeId.equals(storeId())) {
            return read(view, key, revision, request);
          }
          RangeSelection selection = new RangeSelection(request);
          known
              .lastChange(request.getKey(), key, view, storeId, revision)
              .filter(at -> !at.tombstone())
              .ifPresent(at -> selection.take(at, ByteBuffer.wrap(KeyRange.entry(view, at))));
          return answer(view, selection);
        });
  }

  private String storeId() {
    return store.stats().backend().storeId();
  }

  private RangeResponse read(KeyRange keys, RangeRequest request) {
    return store.view(view -> read(view, keys, revision(view, request.getRevision()), request));
  }

  private RangeResponse read(ReadView view, KeyRange keys, long revision, RangeRequest request) {
    RangeSelection selection = new RangeSelection(request);
    long tableBytesMax = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    keys.eachLiving(view, revision, tableBytesMax, selection::take);
    return answer(view, selection);
  }

  private RangeResponse answer(ReadView view, RangeSelection selection) {
    return selection
        .response(view)
        .setHeader(Answers.header(view, config.identity().get()))
        .build();
  }

  /** The wanted one, or the newest; what the last compaction left can still be asked for. */
  private static long revision(ReadView view, long wanted) {
    long current = EtcdView.currentRevision(view);
    if (wanted <= 0) {
      return current;
    }
    if (wanted > current) {
      throw EtcdErrors.futureRevision();
    }
    if (wanted < EtcdView.compactRevision(view)) {
      throw EtcdErrors.compacted();
    }
    return wanted;
  }
}
