package dev.cairn.engine.lmdb;

import java.io.IOException;

/** The bytes of one version, as they are to be streamed. */
interface Image {
  /** Exact, and known before the first byte. */
  long sizeBytes();

  void writeTo(ImageOutput out) throws IOException;
}
