package dev.cairn.snapshot;

import dev.cairn.bbolt.BoltImage;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;

/** The etcd image of any view: the same content gives the same bytes on every engine. */
public final class EtcdImages {
  private EtcdImages() {}

  /**
   * Plans the image of a view in a first pass over it; writing it out is a second.
   *
   * @param view belongs to the snapshot from now on, which closes it
   * @return a snapshot that the caller closes
   * @throws dev.cairn.spi.StorageException as the view's calls; {@code limit} for a key that bbolt
   *     does not hold
   */
  public static Snapshot of(ReadView view) {
    return BoltImage.of(view);
  }
}
