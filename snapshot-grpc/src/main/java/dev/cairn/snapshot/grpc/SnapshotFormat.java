package dev.cairn.snapshot.grpc;

import dev.cairn.snapshot.EtcdImages;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.StoreSnapshot;
import java.util.Locale;

/** Which image of a store is served. */
public enum SnapshotFormat {
  /** A bbolt file that etcd's own tools read; the same bytes for the same content. */
  ETCD {
    @Override
    Snapshot open(StoreSnapshot pinned, ImageSource.Holder holder) {
      // One pin is enough.
      pinned.image().close();
      return holder.hold(EtcdImages.of(pinned.view()));
    }
  },
  /** The engine's own file; faster, and read by the same engine only. */
  NATIVE {
    @Override
    Snapshot open(StoreSnapshot pinned, ImageSource.Holder holder) {
      pinned.view().close();
      return pinned.image();
    }
  };

  abstract Snapshot open(StoreSnapshot pinned, ImageSource.Holder holder);

  /**
   * The name on a command line.
   *
   * @return {@code etcd} or {@code native}
   */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
