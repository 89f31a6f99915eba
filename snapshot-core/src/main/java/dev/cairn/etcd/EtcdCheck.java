package dev.cairn.etcd;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a look at everything in a content found: the order of all keys; each value, read to its last
 * byte; and where the content is etcd's, whether every entry is what etcd would have written and
 * agrees with the others. A content without etcd's buckets is checked for order alone, and a note
 * says so.
 *
 * <p>One pass, and a second one over bucket {@code key} where leases are missing. Heap: 43 to 86
 * bytes for each key that lives, up to a third of the largest heap; beyond it the histories of only
 * a part of the keys are followed, and a note says of how many.
 *
 * @param findings what is wrong, one line each with bucket and key, a bounded number of them, the
 *     last of which then says how many more there are; empty when nothing is
 * @param notes what is in order and should still be known before the content is used, lines as
 *     above: active alarms, members that were removed, a compaction under way
 * @param buckets how many buckets were read
 * @param entries how many entries were read
 */
public record EtcdCheck(List<String> findings, List<String> notes, long buckets, long entries) {
  /**
   * Copies the lists.
   *
   * @param findings as above
   * @param notes as above
   * @param buckets as above
   * @param entries as above
   */
  public EtcdCheck {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  /**
   * Looks at a content. Where damage does not let it be read on, that is the last finding.
   *
   * @param view read to its end and left open
   * @return what was found
   * @throws StorageException as the view's calls, but for {@code corrupt}
   */
  public static EtcdCheck of(ReadView view) {
    Pass pass = new Pass(view);
    try {
      pass.run();
    } catch (StorageException e) {
      if (e.code() != Code.CORRUPT) {
        throw e;
      }
      pass.log.found(e.getMessage());
    }
    return new EtcdCheck(pass.log.findings(), pass.log.notes(), pass.buckets, pass.entries);
  }

  private static final class Pass {
    private static final int TOUCH_BYTES = 1 << 12;

    private final ReadView view;
    private final CheckLog log = new CheckLog();
    private final byte[] touched = new byte[TOUCH_BYTES];
    private ByteBuffer previous = ByteBuffer.allocate(0);
    private long buckets;
    private long entries;

    Pass(ReadView view) {
      this.view = view;
    }

    void run() {
      List<Bucket> all = view.buckets();
      boolean etcds = BucketCheck.isEtcds(view);
      if (etcds) {
        EtcdBuckets.ALL.stream()
            .filter(each -> !all.contains(each))
            .forEach(each -> log.found("bucket " + each + ": missing; every etcd makes it"));
      } else {
        log.note("the content is not etcd's; only the order of its keys was checked");
      }
      for (Bucket bucket : all) {
        buckets++;
        BucketCheck check = etcds ? BucketCheck.of(bucket, view, log) : (key, value) -> {};
        try (Cursor cursor = view.openCursor(bucket)) {
          readAll(cursor, check, log.in(bucket.toString()));
        }
        check.end();
      }
    }

    private void readAll(Cursor cursor, BucketCheck check, CheckLog.InBucket in) {
      boolean first = true;
      while (cursor.next()) {
        entries++;
        ByteBuffer key = cursor.key();
        ByteBuffer value = cursor.value();
        if (!first && compareUnsigned(previous, key) >= 0) {
          in.found(key, "is out of order behind " + EntryText.of(previous));
        }
        first = false;
        previous = copy(key, previous);
        read(value.duplicate());
        check.entry(key, value);
      }
    }

    private static int compareUnsigned(ByteBuffer a, ByteBuffer b) {
      int at = a.mismatch(b);
      if (at < 0) {
        return 0;
      }
      if (at >= a.remaining() || at >= b.remaining()) {
        return Integer.compare(a.remaining(), b.remaining());
      }
      return Byte.compareUnsigned(a.get(a.position() + at), b.get(b.position() + at));
    }

    private static ByteBuffer copy(ByteBuffer key, ByteBuffer into) {
      ByteBuffer room =
          into.capacity() >= key.remaining()
              ? into.clear()
              : ByteBuffer.allocate(Math.max(64, 2 * key.remaining()));
      return room.put(key.duplicate()).flip();
    }

    private void read(ByteBuffer value) {
      while (value.hasRemaining()) {
        value.get(touched, 0, Math.min(touched.length, value.remaining()));
      }
    }
  }
}
