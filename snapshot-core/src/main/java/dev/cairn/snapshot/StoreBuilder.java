package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;

/** Makes a store file out of a snapshot file's content. */
interface StoreBuilder {
  /** What it can hold. */
  Limits limits();

  /**
   * Makes the store. Its bytes are durable when this returns; its name is for the caller to make
   * so, who may rename it first.
   *
   * @param source where the content comes from
   * @param file does not exist yet, alone in its directory
   */
  void build(Source source, Path file);

  /** Reads a store that was built. */
  ReadView openView(Disk disk, Path file);
}
