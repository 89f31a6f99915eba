package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.bbolt.Fixtures.Known;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images of what etcd wrote. */
class EtcdImageTest {
  @TempDir Path directory;

  static List<Known> files() {
    return Fixtures.etcd();
  }

  @ParameterizedTest
  @MethodSource("files")
  void theImageHoldsTheSameContent(Known known) throws Exception {
    Path path = Fixtures.unpack(known, directory);
    Path image = directory.resolve("image.db");
    try (BoltFile file = Fixtures.open(path);
        ReadView view = file.openView();
        AtomicFile out = AtomicFile.create(LocalDisk.INSTANCE, image)) {
      String hash = ContentHash.v1(view);
      try (BoltImage made = BoltImage.of(file.openView())) {
        made.writeTo(out);
        out.commit();
        assertEquals(made.size(), LocalDisk.INSTANCE.sizeBytes(image));
      }
      try (BoltFile copy = Fixtures.open(image);
          ReadView copied = copy.openView()) {
        assertEquals(hash, ContentHash.v1(copied));
      }
    }
  }
}
