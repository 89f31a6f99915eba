package dev.cairn.snapshot;

import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import java.util.Optional;

/** What a file holds in front of its hash, if any: how to name it and how to read it in place. */
interface ImageFormat {
  /** {@code etcd}, or the name of an engine. */
  String name();

  /** How long the image is as its own pages tell; at most what is in the file. */
  long imageSizeBytes();

  /** Reads it in place; the caller closes the view. */
  ReadView openView(boolean dropSequences);

  /** Looks at everything that is there. */
  CheckReport check();

  /** The engine whose native image this is, where it is one that the engine can install. */
  Optional<Engine> installer();
}
