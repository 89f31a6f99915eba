package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.cli.Main;
import dev.cairn.gate.PairContents.Known;
import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.Restore;
import dev.cairn.snapshot.RestoreRequest;
import dev.cairn.snapshot.RestoreResult;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.snapshot.StoreFormat;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Saved on one engine and restored on another, for each ordered pair of the engines on the class
 * path, each with itself included: the content hash is the same, and the etcd images have the
 * golden SHA-256. Through the library and through the command.
 */
class AllPairsTest {
  private static final int LAUNCHES_AT_GATE = 2;
  private static final BackendConfig READER = BackendConfig.defaults().withAccess(Access.READ_ONLY);

  @TempDir Path folder;

  private final List<Engine> engines = Engines.all();
  private final List<Known> edges = PairContents.edges();
  private final List<Known> etcdFiles = PairContents.etcdFiles();
  private long passed;
  private long restores;
  private long commands;
  private long launches;

  /** Two engines and what passes between them. */
  private record Passage(Engine from, Engine to, Known content) {
    @Override
    public String toString() {
      return from.info().name() + " to " + to.info().name() + ", content " + content;
    }
  }

  @Test
  void everyPairPassesOnTheSame() throws Exception {
    assertTrue(engines.size() >= 2, "one engine is no pair");
    int pairs = 0;
    for (Engine from : engines) {
      for (Engine to : engines) {
        for (Known content : contents(pairs)) {
          passOn(new Passage(from, to, content));
          passed++;
        }
        pairs++;
      }
    }
    TestRun.report("pairs of engines", pairs);
    TestRun.report("pairs: contents passed on", passed);
    TestRun.report("pairs: restores", restores);
    TestRun.report("pairs: conversions by the command", commands);
    TestRun.report("pairs: conversions by bin/cairn", launches);
  }

  /** All of them in a full run; at the gate each pair has others, and together they have all. */
  private List<Known> contents(int pair) {
    List<Known> chosen = new ArrayList<>();
    if (TestRun.full()) {
      chosen.addAll(edges);
      chosen.addAll(etcdFiles);
      return chosen;
    }
    int pairs = engines.size() * engines.size();
    int each = (edges.size() + pairs - 1) / pairs;
    for (int i = 0; i < each; i++) {
      chosen.add(edges.get((pair * each + i) % edges.size()));
    }
    chosen.add(etcdFiles.get(pair % etcdFiles.size()));
    return chosen;
  }

  private void passOn(Passage passage) throws Exception {
    Path here = Files.createTempDirectory(folder, "pair");
    try {
      Path store = here.resolve("source");
      passage.content.maker().make(passage.from, store);
      String hash = referenceHash(passage.content, here);
      try (Backend backend = passage.from.open(store, READER)) {
        assertSame(passage, hash, backend);
        SnapshotFile nativeFile = save(backend.snapshot(), here.resolve("native.snap"));
        SnapshotFile etcdFile = save(EtcdImages.of(backend.openView()), here.resolve("etcd.snap"));
        assertEquals(passage.content.imageSha256(), etcdFile.sha256Hex().orElseThrow());
        restore(passage, hash, nativeFile, here.resolve("from-native"));
        restore(passage, hash, etcdFile, here.resolve("from-etcd"));
        convert(passage, hash, nativeFile.path(), here);
      }
    } catch (Throwable e) {
      throw new AssertionError(passage + ": " + e, e);
    } finally {
      deleteTree(here);
    }
  }

  /** The content hash as the reference engine has it, which no other has touched. */
  private static String referenceHash(Known content, Path here) throws Exception {
    HeapEngine heap = new HeapEngine();
    Path store = here.resolve("reference");
    content.maker().make(heap, store);
    try (Backend backend = heap.open(store, READER);
        ReadView view = backend.openView()) {
      return ContentHash.v1(view);
    }
  }

  private static SnapshotFile save(Snapshot image, Path target) {
    try (image) {
      SnapshotFile file = Snapshots.save(image, target, SaveOptions.defaults());
      file.verify();
      return file;
    }
  }

  private void restore(Passage passage, String hash, SnapshotFile from, Path dataDirectory) {
    RestoreResult restored =
        Restore.restore(RestoreRequest.of(from, dataDirectory, StoreFormat.engine(passage.to)));
    assertEquals(hash, restored.sourceHash());
    assertEquals(hash, restored.restoredHash());
    check(passage, hash, restored.database());
    restores++;
  }

  /** Opened by its engine as a store, and not as whatever its bytes look like. */
  private void check(Passage passage, String hash, Path store) {
    try (Backend backend = passage.to.open(store, READER)) {
      assertSame(passage, hash, backend);
    }
  }

  private static void assertSame(Passage passage, String hash, Backend backend) {
    try (ReadView view = backend.openView()) {
      assertEquals(hash, ContentHash.v1(view));
    }
    try (Snapshot image = EtcdImages.of(backend.openView())) {
      assertEquals(passage.content.imageSha256(), Sha256Sink.of(image));
    }
  }

  /** There by the native snapshot, and back to an etcd image. */
  private void convert(Passage passage, String hash, Path nativeFile, Path here) throws Exception {
    Path there = here.resolve("converted");
    run("snapshot", "convert", "--to", passage.to.info().name(), nativeFile, there);
    check(passage, hash, there);
    Path back = here.resolve("back.snap");
    run("snapshot", "convert", "--to", "etcd", there, back);
    SnapshotFile image = SnapshotFile.inspect(back);
    image.verify();
    assertEquals(passage.content.imageSha256(), image.sha256Hex().orElseThrow());
    try (ReadView view = image.openView()) {
      assertEquals(hash, ContentHash.v1(view));
    }
    commands += 2;
    if (isInTheCommand(passage.from)
        && isInTheCommand(passage.to)
        && (TestRun.full() || launches < LAUNCHES_AT_GATE * realEngines())) {
      Path launched = here.resolve("launched");
      launch(nativeFile, launched, passage.to.info().name());
      check(passage, hash, launched);
      launches++;
    }
  }

  /** The reference engine is made for tests, and the command goes without. */
  private static boolean isInTheCommand(Engine engine) {
    return !(engine instanceof HeapEngine);
  }

  private long realEngines() {
    return engines.stream().filter(AllPairsTest::isInTheCommand).count();
  }

  private static void run(Object... words) {
    String[] args = Stream.of(words).map(String::valueOf).toArray(String[]::new);
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
    assertEquals(0, Main.run(args, out, out), () -> told.toString(StandardCharsets.UTF_8));
  }

  private void launch(Path from, Path to, String engine) throws Exception {
    try (Processes processes = new Processes(folder)) {
      processes
          .run(
              Processes.cairn(
                  "", "snapshot", "convert", "--to", engine, from.toString(), to.toString()))
          .expectSuccess();
    }
  }

  private static void deleteTree(Path root) throws Exception {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
