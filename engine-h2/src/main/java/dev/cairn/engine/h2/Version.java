package dev.cairn.engine.h2;

import dev.cairn.spi.Bucket;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStore.TxCounter;
import org.h2.mvstore.Page;

/**
 * One committed instant, held in MVStore as long as it is the newest or anybody has it pinned.
 * Thread-safe.
 */
final class Version {
  private final MVStore store;
  private final TxCounter usage;
  private final FileHeader header;
  private final long imageBytes;
  private final Map<Bucket, Page<byte[], byte[]>> roots;
  private final AtomicInteger holders = new AtomicInteger(1);

  /** The version committed last; called between commits, and held once. */
  Version(Maps maps) {
    store = maps.store();
    usage = store.registerVersionUsage();
    header = maps.disk().point().header();
    imageBytes = maps.disk().endBytes();
    roots = Collections.unmodifiableMap(maps.roots());
  }

  /** Holds it once more; false when nobody held it any longer. */
  boolean hold() {
    int count = holders.get();
    while (count > 0 && !holders.compareAndSet(count, count + 1)) {
      count = holders.get();
    }
    return count > 0;
  }

  /** Lets go what the maker or {@link #hold} held. */
  void release() {
    if (holders.decrementAndGet() == 0) {
      store.deregisterVersionUsage(usage);
    }
  }

  FileHeader header() {
    return header;
  }

  /** How much of the file its chunks may be in. */
  long imageBytes() {
    return imageBytes;
  }

  Set<Bucket> buckets() {
    return roots.keySet();
  }

  /** The tree of a bucket, or null. */
  Page<byte[], byte[]> root(Bucket bucket) {
    return roots.get(bucket);
  }
}
