package dev.cairn.snapshot.grpc;

import dev.cairn.spi.Snapshot;

/** Pins an instant and turns it into the image to send, on the thread that will send it. */
interface ImageSource {
  /**
   * Takes charge of closing what was pinned: at the end of the stream, or at once when it ended.
   */
  interface Holder {
    <T extends AutoCloseable> T hold(T pinned);

    /** The storage version of what was pinned, for every message; before this, and else, empty. */
    void version(String storageVersion);
  }

  /**
   * May take long: an etcd image is planned here.
   *
   * @param holder is given everything that has to be closed, as soon as it is there
   */
  Snapshot open(Holder holder);
}
