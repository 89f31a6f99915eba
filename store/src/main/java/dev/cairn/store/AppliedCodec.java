package dev.cairn.store;

import dev.cairn.spi.ReadView;

/**
 * Where and how the applied position is kept among a store's content. A strategy given from above,
 * because the store knows no bucket name. Immutable and thread-safe.
 */
public interface AppliedCodec {
  /**
   * Writes the position. Called inside the update that applies it, so that both are sealed into the
   * same commit.
   *
   * @param tx the update; the codec makes its bucket where that is absent
   * @param applied what to write
   */
  void write(StoreTx tx, Applied applied);

  /**
   * Reads what {@link #write} wrote.
   *
   * @param view left open
   * @return the position; {@link Applied#NONE} where none was written, the bucket's absence
   *     included
   */
  Applied read(ReadView view);
}
