package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The main file of a store without buckets. */
final class EmptyStore {
  private EmptyStore() {}

  static void write(AtomicFile target) throws IOException {
    Path path = target.file().path();
    StoreVolume volume = new StoreVolume(new NoPages(path));
    StoreWriter.createEmpty(volume);
    Identity identity = Identity.fresh(PageFile.FORMAT_VERSION);
    PageFile.writeHeader(identity, target);
    byte[] seed = identity.encode();
    ByteBuffer blocks = ByteBuffer.allocate(Pages.GROWTH_PAGES * PageFile.BLOCK_BYTES);
    for (long page = 0; page < volume.count(); page++) {
      PageFile.putBlock(seed, page, volume.read(page), blocks);
      if (!blocks.hasRemaining()) {
        target.write(blocks.flip());
        blocks.clear();
      }
    }
  }

  private record NoPages(Path path) implements Pages {
    @Override
    public long count() {
      return 0;
    }

    @Override
    public byte[] read(long page) {
      throw corrupt(page, "there is no page " + page);
    }
  }
}
