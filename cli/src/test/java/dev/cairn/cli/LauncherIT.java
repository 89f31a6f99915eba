package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code bin/cairn} as a process, in a copy of the built checkout whose path has a blank. Runs
 * after packaging only: before, there is no jar, or an old one.
 */
@EnabledIfSystemProperty(named = "cairn.packaged", matches = "true")
class LauncherIT {
  private static final long PATIENCE_SECONDS = 600;

  @TempDir static Path root;
  private static Path home;
  private static Path launcher;

  @TempDir Path directory;
  private Path db;

  @BeforeAll
  static void copyCheckout() throws IOException {
    Path module = Path.of(System.getProperty("basedir"));
    home = root.resolve("check out");
    launcher = home.resolve("bin/cairn");
    copy(module.resolve("../bin/cairn"), launcher);
    copy(module.resolve("target/cairn.jar"), home.resolve("cli/target/cairn.jar"));
    try (Stream<Path> jars = Files.list(module.resolve("target/lib"))) {
      for (Path jar : (Iterable<Path>) jars::iterator) {
        copy(jar, home.resolve("cli/target/lib").resolve(jar.getFileName()));
      }
    }
    run(launcher, "engines").ok(); // makes the class-data archive
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
    to.toFile().setExecutable(Files.isExecutable(from));
  }

  @BeforeEach
  void load() {
    db = directory.resolve("data.db");
    Cli.run("load", "--db", db, "--keys", 500, "--value-bytes", 100).ok();
  }

  private static ProcessBuilder process(Path program, Object... words) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    for (Object word : words) {
      command.add(String.valueOf(word));
    }
    return new ProcessBuilder(command).directory(root.toFile());
  }

  private static Cli.Result run(Path program, Object... words) throws IOException {
    return finish(process(program, words).start());
  }

  private static Cli.Result finish(Process process) throws IOException {
    CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> read(process));
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    byte[] out = process.getInputStream().readAllBytes();
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Cli.Result(process.exitValue(), out, err.join());
  }

  private static String read(Process process) {
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      return err.lines().map(line -> line + "\n").collect(Collectors.joining());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWarmStartIsQuick() throws IOException {
    long[] millis = new long[3];
    for (int i = 0; i < millis.length; i++) {
      long start = System.nanoTime();
      assertTrue(run(launcher, "engines").ok().out().contains("\nlmdb  LMDB "));
      millis[i] = (System.nanoTime() - start) / 1_000_000;
    }
    Arrays.sort(millis);
    System.out.println("warm bin/cairn engines, milliseconds: " + Arrays.toString(millis));
    try (Stream<Path> archives = Files.list(home.resolve("cli/target/cds"))) {
      assertEquals(1, archives.filter(name -> name.toString().endsWith(".jsa")).count());
    }
  }

  @Test
  void enginesLoadsNoNativeCode() throws IOException {
    ProcessBuilder builder = process(launcher, "engines");
    builder.environment().put("CAIRN_JAVA_OPTS", "-Xlog:class+load:stderr");
    String loaded = finish(builder.start()).err();
    assertTrue(loaded.contains("dev.cairn.engine.lmdb.LmdbEngine"), "the log is there");
    assertFalse(loaded.contains("org.lmdbjava.Library") || loaded.contains("com.kenai.jffi"));
  }

  @Test
  void throughSymbolicLinksFromAnywhere() throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("one"), launcher);
    Files.createSymbolicLink(bin.resolve("cairn"), Path.of("one"));
    ProcessBuilder builder = process(Path.of("./bin/cairn"), "--version");
    assertTrue(
        finish(builder.directory(directory.toFile()).start()).ok().out().startsWith("cairn "));
  }

  @Test
  void relativePathsAreTheCallers() throws IOException {
    ProcessBuilder builder = process(launcher, "scan", "--db", "data.db");
    builder.directory(directory.toFile());
    assertEquals(10, finish(builder.start()).ok().out().lines().count());
  }

  @Test
  void javaIsChosenAndGivenOptions() throws IOException {
    ProcessBuilder shown = process(launcher, "--version");
    shown.environment().put("JAVA_HOME", System.getProperty("java.home"));
    shown.environment().put("CAIRN_JAVA_OPTS", "-Xmx64m -showversion");
    Cli.Result result = finish(shown.start());
    assertEquals(0, result.exitCode());
    assertTrue(result.err().contains(System.getProperty("java.version")), result.err());
    ProcessBuilder wrong = process(launcher, "--version");
    wrong.environment().put("JAVA_HOME", "/nowhere");
    finish(wrong.start()).failed(1, "JAVA_HOME=/nowhere");
  }

  @Test
  void aCheckoutThatCannotBeBuiltSaysSo() throws IOException {
    Path bare = directory.resolve("bare/bin/cairn");
    copy(launcher, bare);
    Path tools = Files.createDirectory(directory.resolve("tools"));
    for (String tool : new String[] {"sh", "dirname", "readlink", "mkdir", "cat", "rm", "sleep"}) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin", tool).toRealPath());
    }
    ProcessBuilder builder = process(bare, "engines");
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Cli.Result result = finish(builder.start());
    assertEquals(1, result.exitCode());
    assertTrue(result.err().endsWith("Error: no mvn on the PATH; install Maven 3.8.7 or newer\n"));
    assertFalse(Files.exists(directory.resolve("bare/cli/target/.building")));
  }

  @Test
  void theJarRunsAlone() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path jar = home.resolve("cli/target/cairn.jar");
    assertTrue(run(java, "-jar", jar, "hash", "--db", db).ok().out().startsWith("v1:"));
  }

  @Test
  void firstRunsAtOnceDoNotDisturbEachOther() throws IOException {
    Path archives = home.resolve("cli/target/cds");
    try (Stream<Path> files = Files.list(archives)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    List<Process> started = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      started.add(process(launcher, "engines").start());
    }
    for (Process process : started) {
      assertTrue(finish(process).ok().out().startsWith("bbolt  "));
    }
    try (Stream<Path> files = Files.list(archives)) {
      assertEquals(1, files.count());
    }
  }

  /** The archive knows the jars it was made of; with others it is of no use, and no harm. */
  @Test
  void aBrokenArchiveIsNoError() throws IOException {
    Path archive;
    try (Stream<Path> files = Files.list(home.resolve("cli/target/cds"))) {
      archive = files.findFirst().orElseThrow();
    }
    Path good = Files.move(archive, directory.resolve("good.jsa"));
    Files.writeString(archive, "not an archive");
    assertTrue(run(launcher, "engines").ok().out().startsWith("bbolt  "));
    Files.move(good, archive, StandardCopyOption.REPLACE_EXISTING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void serveEndsCleanlyWhenTold(String signal) throws Exception {
    ProcessBuilder serve = process(launcher, "serve", "--db", db, "--listen", "127.0.0.1:0");
    // Who runs these tests in the background of a shell hands an ignored SIGINT down to us.
    serve.command().addAll(0, List.of("env", "--default-signal=INT"));
    Process server = serve.start();
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    String endpoint = out.readLine();
    Path saved = directory.resolve("saved.db");
    Cli.run("snapshot", "save", saved, "--endpoint", endpoint).ok();
    Cli.run("snapshot", "verify", saved).ok();
    kill(signal, server);
    finish(server).ok();
    Cli.run("put", "--db", db, "meta", "k", "v").ok();
  }

  private static void kill(String signal, Process process) throws Exception {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
  }

  /** A store that another process serves is that one's: its server gives the snapshots. */
  @Test
  void aStoreInUseIsLocked() throws Exception {
    Process server = process(launcher, "serve", "--db", db, "--listen", "127.0.0.1:0").start();
    String endpoint = server.inputReader(StandardCharsets.UTF_8).readLine();
    Path saved = directory.resolve("saved.db");
    Cli.run("snapshot", "save", saved, "--db", db).failed(6, "data.db");
    Cli.run("hash", "--db", db).failed(6, "data.db");
    Cli.run("put", "--db", db, "meta", "k", "v").failed(6, "data.db");
    Cli.run("snapshot", "save", saved, "--endpoint", endpoint).ok();
    kill("TERM", server);
    finish(server).ok();
  }

  /** The process ends as the signal says, and takes back what it had begun. */
  @Test
  void aSaveThatIsStoppedLeavesNothing() throws Exception {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    try (WrongServer server =
        WrongServer.start(
            call -> {
              call.send(1 << 20, new byte[1 << 19]);
              begun.complete(null);
            })) {
      Map<String, String> before = Trees.of(directory);
      Path saved = directory.resolve("saved.db");
      Process save = process(launcher, patientSave(saved, server)).start();
      begun.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      awaitFile(directory.resolve("saved.db.part"));
      kill("TERM", save);
      assertEquals(143, finish(save).exitCode());
      assertEquals(before, Trees.of(directory));
    }
  }

  private static Object[] patientSave(Path saved, WrongServer server) {
    return new Object[] {
      "snapshot", "save", saved, "--endpoint", server.endpoint(), "--dial-timeout=60s"
    };
  }

  private static void awaitFile(Path file) throws InterruptedException {
    while (Files.notExists(file)) {
      Thread.sleep(10);
    }
  }

  @Test
  void aLoadThatIsStoppedLeavesNothing() throws Exception {
    Map<String, String> before = Trees.of(directory);
    Path large = directory.resolve("large.db");
    Process load = process(launcher, "load", "--db", large, "--keys", 100_000_000).start();
    awaitFile(large);
    kill("TERM", load);
    assertEquals(143, finish(load).exitCode());
    assertEquals(before, Trees.of(directory));
  }

  /** What the libraries log of a broken stream is not for the user of a command. */
  @Test
  void aBrokenStreamIsOneLine() throws Exception {
    try (WrongServer server =
        WrongServer.start(
            call ->
                call.send(1 << 20, new byte[512])
                    .end(Status.UNAVAILABLE.withDescription("going away")))) {
      Path saved = directory.resolve("saved.db");
      run(launcher, patientSave(saved, server)).failed(6, "going away");
      assertFalse(Files.exists(saved));
    }
  }

  /** As behind {@code head}: nobody reads on. */
  @Test
  void aReaderThatGoesEndsTheCommand() throws Exception {
    Path large = directory.resolve("large.db");
    Cli.run("load", "--db", large, "--keys", 20_000, "--value-bytes", 500, "--raw", "b").ok();
    Process scan = process(launcher, "scan", "--db", large, "b").start();
    scan.getInputStream().read();
    scan.getInputStream().close();
    assertTrue(scan.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals("", read(scan));
  }
}
