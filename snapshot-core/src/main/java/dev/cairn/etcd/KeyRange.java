package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Some of etcd's user keys, and what they hold at a revision, read from the changes alone: no index
 * of the keys is kept. Immutable.
 *
 * <p>Cost: one pass over bucket {@code key} for a single key. Else two passes, and 43 to 86 bytes
 * of heap for each key of the range that was overwritten or deleted since the last compaction; keys
 * that do not fit into the bytes that are given are dealt with in further parts, with two passes
 * each.
 */
public final class KeyRange {
  private static final byte[] OPEN_END = {0};

  private final byte[] from;

  /** Behind the last key; empty for one key, {@link #OPEN_END} for all from the first one on. */
  private final byte[] end;

  private KeyRange(byte[] from, byte[] end) {
    this.from = from;
    this.end = end;
  }

  /** Takes the entries that live. */
  public interface Taker {
    /**
     * Takes one.
     *
     * @param at the change that it is
     * @param keyValue an encoded mvccpb.KeyValue, valid during this call alone
     */
    void take(Revision at, ByteBuffer keyValue);
  }

  /**
   * A range as requests to etcd say it.
   *
   * @param key the key, or the first one; not changed from now on
   * @param end empty for one key; else behind the last one, or a single byte 0 for all keys from
   *     the first one on; not changed from now on
   * @return the range
   */
  public static KeyRange of(byte[] key, byte[] end) {
    return new KeyRange(key, end);
  }

  /**
   * The entry of one change, such as {@link Taker#take} was given.
   *
   * @param view left open
   * @param at a change that it has
   * @return an encoded mvccpb.KeyValue that the caller owns
   * @throws StorageException {@code not-found} without that change; else as the view's calls
   */
  public static byte[] entry(ReadView view, Revision at) {
    byte[] message = EtcdBuckets.get(view, EtcdBuckets.KEY, at.encode());
    if (message == null) {
      throw StorageException.of(
          Code.NOT_FOUND, "bucket key: no revision %d/%d".formatted(at.main(), at.sub()));
    }
    return message;
  }

  /**
   * Whether it is of one key, which takes one pass and no heap.
   *
   * @return false for a range, also where it has one key in it
   */
  public boolean isSingle() {
    return end.length == 0;
  }

  private boolean contains(ByteBuffer key) {
    if (isSingle()) {
      return key.equals(ByteBuffer.wrap(from));
    }
    return compare(key, from) >= 0 && (Arrays.equals(end, OPEN_END) || compare(key, end) < 0);
  }

  private static int compare(ByteBuffer key, byte[] bound) {
    int differ = key.mismatch(ByteBuffer.wrap(bound));
    return differ < 0 || differ >= key.remaining() || differ >= bound.length
        ? Integer.compare(key.remaining(), bound.length)
        : Byte.compareUnsigned(key.get(key.position() + differ), bound[differ]);
  }

  /**
   * Hands on what lives in the range at a revision.
   *
   * @param view left open
   * @param revision of the store, neither compacted away nor still to come
   * @param tableBytesMax how much heap the keys that changed may take, at least some thousand
   * @param taker is given each living key once, in no order
   * @throws StorageException {@code corrupt} for entries that are not etcd's; else as the view's
   *     calls
   */
  public void eachLiving(ReadView view, long revision, long tableBytesMax, Taker taker) {
    if (!view.buckets().contains(EtcdBuckets.KEY)) {
      return;
    }
    if (isSingle()) {
      Optional<Revision> last = lastChange(view, 0, revision);
      last.filter(at -> !at.tombstone())
          .ifPresent(at -> taker.take(at, ByteBuffer.wrap(entry(view, at))));
      return;
    }
    KeyTable newest = new KeyTable(tableBytesMax);
    do {
      new Pass(view, revision).note(newest);
      new Pass(view, revision).join(newest, taker);
    } while (newest.nextRange());
  }

  /**
   * The last of the changes of these keys in a span of revisions: of a single key, what it has come
   * to. Costs a pass over the changes of that span.
   *
   * @param view left open
   * @param after the revision before the first one of the span, 0 for all up to the last one
   * @param revision the last one of the span
   * @return empty where none of them changed
   * @throws StorageException as {@link #eachLiving}
   */
  public Optional<Revision> lastChange(ReadView view, long after, long revision) {
    Revision[] last = new Revision[1];
    if (view.buckets().contains(EtcdBuckets.KEY)) {
      new Pass(view, revision).eachAfter(after, (place, at, message) -> last[0] = at);
    }
    return Optional.ofNullable(last[0]);
  }

  /** One pass over the entries of the range up to a revision. */
  private final class Pass {
    private final ReadView view;
    private final long revision;
    private final KeyValueScan scan = new KeyValueScan();

    Pass(ReadView view, long revision) {
      this.view = view;
      this.revision = revision;
    }

    private interface Change {
      void take(long place, Revision at, ByteBuffer message);
    }

    private void each(Change change) {
      eachAfter(0, change);
    }

    void eachAfter(long after, Change change) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
        byte[] first = after == 0 ? new byte[0] : Revision.of(after + 1, 0).encode();
        boolean more = cursor.seek(first);
        for (long place = 0; more; place++, more = cursor.next()) {
          Revision at = Revision.decode(cursor.key());
          if (at.main() > revision) {
            return;
          }
          ByteBuffer message = cursor.value();
          if (!scan.read(message)) {
            throw damaged(at);
          }
          if (contains(scan.key())) {
            change.take(place, at, message);
          }
        }
      }
    }

    /** Notes the last of the changes that put an end to what was before. */
    void note(KeyTable newest) {
      each(
          (place, at, message) -> {
            boolean supersedes = at.tombstone() || scan.version() > 1;
            if (supersedes && newest.find(scan.key())) {
              newest.put(place, 0);
            }
          });
    }

    /** Hands on the puts that none of these came behind. */
    void join(KeyTable newest, Taker taker) {
      boolean nothingNoted = newest.size() == 0 && newest.share() == 1;
      each(
          (place, at, message) -> {
            boolean lives =
                !at.tombstone()
                    && (nothingNoted
                        || (newest.find(scan.key())
                            && (!newest.present() || newest.first() <= place)));
            if (lives) {
              taker.take(at, message);
            }
          });
    }

    private StorageException damaged(Revision at) {
      return StorageException.of(
          Code.CORRUPT,
          "bucket key: the value at revision %d/%d is not etcd's".formatted(at.main(), at.sub()));
    }
  }
}
