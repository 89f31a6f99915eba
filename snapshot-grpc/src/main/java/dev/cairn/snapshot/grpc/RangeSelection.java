package dev.cairn.snapshot.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.cairn.etcd.KeyRange;
import dev.cairn.etcd.Revision;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.etcd.proto.RangeRequest;
import dev.cairn.etcd.proto.RangeRequest.SortOrder;
import dev.cairn.etcd.proto.RangeRequest.SortTarget;
import dev.cairn.etcd.proto.RangeResponse;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * The part of a range that is answered. While the range goes by, the keys are kept that are the
 * first in the wanted order, without their values, which are read at the end.
 */
final class RangeSelection {
  /** What every gRPC client takes without being told. */
  static final int ANSWER_BYTES_MAX = 4 << 20;

  /** Of keys that are kept: those of a large limit may come to more than an answer. */
  private static final long KEPT_BYTES_MAX = 16 << 20;

  /** What keeping a key costs beside its bytes, about. */
  private static final int KEPT_OVERHEAD_BYTES = 200;

  /** Tag and length before each entry of an answer. */
  private static final int FIELD_OVERHEAD_BYTES = 6;

  private static final Comparator<Kept> BY_KEY =
      Comparator.comparing(
          kept -> kept.keyValue.getKey(), ByteString.unsignedLexicographicalComparator());

  /**
   * A key that may be answered.
   *
   * @param keyValue without the value, but where it is sorted by
   * @param answerBytes what it adds to the answer
   */
  private record Kept(Revision at, KeyValue keyValue, long answerBytes) {
    long keptBytes() {
      return keyValue.getSerializedSize() + (long) KEPT_OVERHEAD_BYTES;
    }
  }

  private final RangeRequest request;
  private final boolean byValue;
  private final TreeSet<Kept> kept;
  private long count;
  private long matching;
  private long keptBytes;
  private long answerBytes;

  RangeSelection(RangeRequest request) {
    this.request = request;
    byValue = request.getSortTarget() == SortTarget.VALUE;
    kept = new TreeSet<>(order(request));
  }

  private static Comparator<Kept> order(RangeRequest request) {
    Comparator<Kept> order =
        switch (request.getSortTarget()) {
          case KEY -> BY_KEY;
          case VERSION -> Comparator.comparingLong(kept -> kept.keyValue.getVersion());
          case CREATE -> Comparator.comparingLong(kept -> kept.keyValue.getCreateRevision());
          case MOD -> Comparator.comparingLong(kept -> kept.keyValue.getModRevision());
          case VALUE ->
              Comparator.comparing(
                  kept -> kept.keyValue.getValue(), ByteString.unsignedLexicographicalComparator());
          case UNRECOGNIZED -> throw EtcdErrors.invalidSortOption();
        };
    boolean descending = request.getSortOrder() == SortOrder.DESCEND;
    return (descending ? order.reversed() : order).thenComparing(BY_KEY);
  }

  /** Takes an entry that lives; its buffer is left alone afterwards. */
  void take(Revision at, ByteBuffer message) {
    count++;
    if (request.getCountOnly()) {
      return;
    }
    KeyValue here = parse(message);
    if (!matches(here)) {
      return;
    }
    matching++;
    int messageBytes = message.remaining();
    KeyValue.Builder copy = here.toBuilder().setKey(copy(here.getKey()));
    copy.setValue(byValue ? copy(here.getValue()) : ByteString.EMPTY);
    KeyValue keyValue = copy.build();
    long size = request.getKeysOnly() ? keyValue.getSerializedSize() : messageBytes;
    keep(new Kept(at, keyValue, size + FIELD_OVERHEAD_BYTES));
  }

  private boolean matches(KeyValue entry) {
    return within(entry.getModRevision(), request.getMinModRevision(), request.getMaxModRevision())
        && within(
            entry.getCreateRevision(),
            request.getMinCreateRevision(),
            request.getMaxCreateRevision());
  }

  private static boolean within(long revision, long min, long max) {
    return (min == 0 || revision >= min) && (max == 0 || revision <= max);
  }

  private void keep(Kept next) {
    add(next);
    if (isLimited() && kept.size() > request.getLimit()) {
      drop(kept.last());
    }
    boolean tooLarge = !isLimited() && answerBytes > ANSWER_BYTES_MAX;
    if (tooLarge || keptBytes > KEPT_BYTES_MAX) {
      throw tooLarge();
    }
  }

  private boolean isLimited() {
    return request.getLimit() > 0;
  }

  private void add(Kept next) {
    kept.add(next);
    keptBytes += next.keptBytes();
    answerBytes += next.answerBytes;
  }

  private void drop(Kept last) {
    kept.remove(last);
    keptBytes -= last.keptBytes();
    answerBytes -= last.answerBytes;
  }

  /** The answer but for its header; from the view that the range was read from. */
  RangeResponse.Builder response(ReadView view) {
    if (answerBytes > ANSWER_BYTES_MAX) {
      throw tooLarge();
    }
    RangeResponse.Builder response = RangeResponse.newBuilder().setCount(count);
    for (Kept each : kept) {
      response.addKvs(answered(view, each));
    }
    return response.setMore(isLimited() && matching > request.getLimit());
  }

  private KeyValue answered(ReadView view, Kept each) {
    if (request.getKeysOnly()) {
      return byValue ? each.keyValue.toBuilder().clearValue().build() : each.keyValue;
    }
    return byValue ? each.keyValue : parse(ByteBuffer.wrap(KeyRange.entry(view, each.at)));
  }

  private static StatusRuntimeException tooLarge() {
    return EtcdErrors.exhausted(
        Code.LIMIT,
        "the answer is larger than %d bytes; ask for less with limit, keys_only or count_only"
            .formatted(ANSWER_BYTES_MAX));
  }

  /** Keys and values are parts of the buffer, valid as long as that is. */
  private static KeyValue parse(ByteBuffer message) {
    try {
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(message).newCodedInput();
      in.enableAliasing(true);
      return KeyValue.parser().parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw StorageException.of(
          Code.CORRUPT, "bucket key: an entry has a value that is not etcd's");
    }
  }

  private static ByteString copy(ByteString part) {
    return UnsafeByteOperations.unsafeWrap(part.toByteArray());
  }
}
