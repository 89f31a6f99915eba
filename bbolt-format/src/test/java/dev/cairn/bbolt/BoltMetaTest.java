package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.cairn.bbolt.Fixtures.Known;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A meta is written as bbolt writes it. */
class BoltMetaTest {
  @TempDir Path directory;

  static List<Known> files() {
    return Fixtures.all();
  }

  @ParameterizedTest
  @MethodSource("files")
  void theEncodedMetaIsThatOfTheFile(Known known) {
    byte[] bytes = Fixtures.bytes(known);
    int which = known.metas().get(0).txid() > known.metas().get(1).txid() ? 0 : 1;
    int at = which * known.pageSizeBytes();
    try (BoltFile file = Fixtures.open(Fixtures.unpack(known, directory))) {
      byte[] there = Arrays.copyOfRange(bytes, at, at + BoltMeta.ENCODED_BYTES);
      assertArrayEquals(there, file.meta().encode(which));
    }
  }
}
