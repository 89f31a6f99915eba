package dev.cairn.engine.h2;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Batch.Change;
import dev.cairn.spi.Batch.Mode;
import org.h2.mvstore.MVMap;

/**
 * Applies one batch to the maps. A large one is written as several chunks, so that no chunk has to
 * be built in the heap as a whole; only the last is named by a commit point.
 */
final class BatchWriter {
  private final Maps maps;
  private final int unsavedBytesMax;

  BatchWriter(Maps maps, int unsavedBytesMax) {
    this.maps = maps;
    this.unsavedBytesMax = unsavedBytesMax;
  }

  void apply(Batch batch) {
    for (Change change : batch.changes()) {
      if (change.mode() == Mode.DROP) {
        maps.drop(change.bucket());
      } else {
        write(change);
      }
    }
  }

  private void write(Change change) {
    MVMap<byte[], byte[]> map = maps.ensure(change.bucket());
    if (change.mode() == Mode.CLEAR) {
      map.clear();
    }
    for (int i = 0; i < change.size(); i++) {
      if (change.value(i) == null) {
        map.remove(change.key(i));
      } else {
        map.put(change.key(i), change.value(i));
      }
      if (maps.store().getUnsavedMemory() > unsavedBytesMax) {
        maps.store().commit();
      }
    }
  }
}
