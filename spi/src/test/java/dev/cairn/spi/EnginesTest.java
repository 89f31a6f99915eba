package dev.cairn.spi;

import static dev.cairn.spi.Failures.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
  @TempDir private Path directory;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @AfterEach
  void giveTheLoaderBack() {
    Thread.currentThread().setContextClassLoader(before);
  }

  /** A class path that lists these engines and no others. */
  private void classPath(Class<?>... engines) throws IOException {
    String names = Arrays.stream(engines).map(Class::getName).collect(Collectors.joining("\n"));
    URL services = Files.writeString(directory.resolve("services"), names).toUri().toURL();
    ClassLoader listing =
        new ClassLoader(EnginesTest.class.getClassLoader()) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            return name.equals("META-INF/services/" + Engine.class.getName())
                ? Collections.enumeration(List.of(services))
                : super.getResources(name);
          }
        };
    Thread.currentThread().setContextClassLoader(listing);
  }

  private static HeadReader startingWith(int first) {
    return new HeadReader() {
      @Override
      public long sizeBytes() {
        return 1;
      }

      @Override
      public int read(long offsetBytes, ByteBuffer into) {
        into.put((byte) first);
        return 1;
      }
    };
  }

  @Test
  void allAreInTheOrderOfTheirNames() throws IOException {
    classPath(FakeEngine.Gamma.class, FakeEngine.Alpha.class, FakeEngine.Beta.class);
    List<String> names =
        Engines.all().stream().map(engine -> engine.info().name()).collect(Collectors.toList());
    assertEquals(List.of("alpha", "beta", "gamma"), names);
    assertEquals(FakeEngine.Beta.class, Engines.named("beta").getClass());
  }

  @Test
  void anUnknownNameNamesThoseThatAreThere() throws IOException {
    classPath(FakeEngine.Beta.class, FakeEngine.Alpha.class);
    assertCode(Code.NOT_FOUND, () -> Engines.named("lmbd"), "no engine \"lmbd\"", "alpha, beta");
    assertCode(Code.NOT_FOUND, () -> Engines.named("Alpha"), "alpha, beta");
  }

  @Test
  void noEngineAtAllIsSaid() throws IOException {
    classPath();
    assertEquals(List.of(), Engines.all());
    assertCode(Code.NOT_FOUND, () -> Engines.named("alpha"), "none");
    assertEquals(Optional.empty(), Engines.recognizing(startingWith(1)));
  }

  @Test
  void twoEnginesOfOneNameAreRefused() throws IOException {
    classPath(FakeEngine.Alpha.class, FakeEngine.OtherAlpha.class);
    String first = FakeEngine.Alpha.class.getName();
    String second = FakeEngine.OtherAlpha.class.getName();
    assertCode(Code.EXISTS, Engines::all, "alpha", first, second);
    assertCode(Code.EXISTS, () -> Engines.named("alpha"));
    assertCode(Code.EXISTS, () -> Engines.recognizing(startingWith(1)));
  }

  @Test
  void aFileTellsItsEngine() throws IOException {
    classPath(FakeEngine.Alpha.class, FakeEngine.Beta.class);
    assertEquals(
        FakeEngine.Alpha.class, Engines.recognizing(startingWith(1)).orElseThrow().getClass());
    assertEquals(
        FakeEngine.Beta.class, Engines.recognizing(startingWith(2)).orElseThrow().getClass());
    assertEquals(Optional.empty(), Engines.recognizing(startingWith(9)));
  }

  @Test
  void aFileOfTwoEnginesIsRefused() throws IOException {
    classPath(FakeEngine.Beta.class, FakeEngine.Gamma.class);
    assertCode(Code.CORRUPT, () -> Engines.recognizing(startingWith(2)), "beta", "gamma");
  }

  @Test
  void namesHaveAForm() {
    for (String name : List.of("a", "lmdb", "h2", "my-engine", "a".repeat(32))) {
      assertEquals(name, info(name).name());
    }
    for (String name : List.of("", "2h", "-a", "LMDB", "a_b", "a.b", "ä", "a".repeat(33), "a\n")) {
      assertThrows(IllegalArgumentException.class, () -> info(name), name);
    }
  }

  private static EngineInfo info(String name) {
    return new EngineInfo(name, "1", 1, Limits.PORTABLE, List.of(), "nothing");
  }
}
