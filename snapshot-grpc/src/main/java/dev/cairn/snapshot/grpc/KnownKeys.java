package dev.cairn.snapshot.grpc;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.KeyRange;
import dev.cairn.etcd.Revision;
import dev.cairn.spi.ReadView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the last few keys that were asked for had come to, so that who asks for the same one over
 * and over, as a check of health does, costs a pass over what has changed since. Thread-safe.
 */
final class KnownKeys {
  private static final int KEYS_MAX = 16;
  private static final int KEY_BYTES_MAX = 1 << 10;

  /**
   * The state of a key.
   *
   * @param storeId of which store; another content has another one
   * @param revision up to which its changes were looked at
   * @param last the last of them; empty without any
   */
  private record Known(String storeId, long revision, Optional<Revision> last) {}

  private final Map<ByteString, Known> known =
      new LinkedHashMap<>(KEYS_MAX, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteString, Known> eldest) {
          return size() > KEYS_MAX;
        }
      };

  /** The last change of a key up to the newest revision of a view of a store. */
  Optional<Revision> lastChange(
      ByteString key, KeyRange range, ReadView view, String storeId, long revision) {
    Known before = before(key, storeId, revision);
    Optional<Revision> since = range.lastChange(view, before.revision, revision);
    Optional<Revision> last = since.isPresent() ? since : before.last;
    if (key.size() <= KEY_BYTES_MAX) {
      synchronized (this) {
        known.put(key, new Known(storeId, revision, last));
      }
    }
    return last;
  }

  private synchronized Known before(ByteString key, String storeId, long revision) {
    Known found = known.get(key);
    boolean fits = found != null && found.storeId.equals(storeId) && found.revision <= revision;
    return fits ? found : new Known(storeId, 0, Optional.empty());
  }
}
