package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Engines;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine needs no flags of the JVM's, and no particular thread. */
class LmdbWithoutFlagsTest {
  @TempDir Path directory;

  @Test
  void everythingWorksInAPlainJvm() throws Exception {
    List<String> told = Child.run(List.of(), Everything.class, directory.toString());
    assertEquals(List.of("plain", "equal"), told);
  }

  @Test
  void theVersionThatIsToldIsTheOneThatIsLoaded() {
    String told = new LmdbEngine().info().libraryVersion();
    assertEquals("LMDB " + NativeLibrary.load(), told.substring(0, told.indexOf(" (")));
  }

  /** Reads, writes and streams, on a thread whose class loader knows nothing. */
  static final class Everything {
    private Everything() {}

    public static void main(String[] arguments) throws Exception {
      boolean open = ByteBuffer.class.getModule().isOpen("java.nio", Everything.class.getModule());
      System.out.println(open ? "flags" : "plain");
      Thread.currentThread().setContextClassLoader(null);
      Path directory = Path.of(arguments[0]);
      SplittableRandom random = new SplittableRandom(1);
      try (Backend backend = Engines.named("lmdb").open(directory.resolve("db"), CONFIG)) {
        for (int i = 0; i < 5; i++) {
          backend.commit(puts(random, USERS, 500, 5_000));
        }
        Path image = Files.write(directory.resolve("image"), Stores.image(backend));
        boolean equal = Stores.hash(backend).equals(Stores.imageHash(image));
        System.out.println(equal ? "equal" : "different");
      }
    }
  }
}
