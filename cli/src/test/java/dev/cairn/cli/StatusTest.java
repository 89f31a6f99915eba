package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code snapshot status} prints what the real etcdctl printed. */
class StatusTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(
      value = Fixture.class,
      names = {"TINY", "RICH"})
  void everyFormatIsEtcdctls(Fixture fixture) throws IOException {
    Path file = fixture.unpack(directory);
    Map<String, String> before = Trees.of(directory);
    for (Format format : Format.values()) {
      Cli.Result result = Cli.run("snapshot", "status", file, "-w", format.text()).ok();
      assertEquals(fixture.statusOutput(format.text()), result.out());
    }
    assertEquals(fixture.statusOutput("simple"), Cli.run("snapshot", "status", file).ok().out());
    assertEquals(before, Trees.of(directory));
  }

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void numbersAreEtcdctlsForAnImageOfAnyEngine(Fixture fixture) throws IOException {
    Path file = fixture.unpack(directory);
    assertEquals(
        fixture.statusJson(), Cli.run("snapshot", "status", file, "-w", "json").ok().out());
    Path store = directory.resolve("store.db");
    Path image = directory.resolve("image.db");
    Cli.run("snapshot", "convert", file, store, "--to", "lmdb").ok();
    Cli.run("snapshot", "save", image, "--db", store, "--format", "native").ok();
    for (Path lmdb : new Path[] {store, image}) {
      String json = Cli.run("snapshot", "status", lmdb, "-w", "json").ok().out();
      assertEquals(fixture.hash, EtcdTools.number(json, "hash"));
      assertEquals(fixture.revision, EtcdTools.number(json, "revision"));
      assertEquals(fixture.totalKeys, EtcdTools.number(json, "totalKey"));
    }
  }

  @Test
  void verboseTellsMoreBehindTheSame() throws IOException {
    Path file = Fixture.TINY.unpack(directory);
    String more = Cli.run("snapshot", "status", file, "--verbose").ok().out();
    assertTrue(more.startsWith("863b7547, 8, 11, 20 kB, 5, etcd, "), more);
    String json = Cli.run("snapshot", "status", file, "--verbose", "-w", "json").ok().out();
    assertEquals(5, EtcdTools.number(json, "liveKeys"));
    assertTrue(json.contains("\"format\":\"etcd\""), json);
  }
}
