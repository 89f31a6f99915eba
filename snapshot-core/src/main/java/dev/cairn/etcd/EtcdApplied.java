package dev.cairn.etcd;

import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Applied;
import dev.cairn.store.AppliedCodec;
import dev.cairn.store.StoreTx;
import java.nio.ByteBuffer;

/**
 * Keeps a store's applied position where etcd keeps it: {@code consistent_index} in bucket {@code
 * meta}, and beside it {@code term} where that is known, as etcd does from 3.5 on. Stateless.
 */
public final class EtcdApplied implements AppliedCodec {
  /** A codec; all are alike. */
  public EtcdApplied() {}

  @Override
  public void write(StoreTx sink, Applied applied) {
    sink.createBucket(EtcdBuckets.META);
    sink.put(EtcdBuckets.META, EtcdView.CONSISTENT_INDEX, bigEndian(applied.index()));
    if (applied.term() > 0) {
      sink.put(EtcdBuckets.META, EtcdView.TERM, bigEndian(applied.term()));
    }
  }

  @Override
  public Applied read(ReadView view) {
    long index = EtcdView.consistentIndex(view);
    long term = EtcdView.term(view);
    if (index < 0 || term < 0) {
      throw StorageException.of(
          Code.CORRUPT,
          "bucket meta: index %s, term %s are no applied position"
              .formatted(Long.toUnsignedString(index), Long.toUnsignedString(term)));
    }
    return new Applied(index, term);
  }

  static byte[] bigEndian(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
