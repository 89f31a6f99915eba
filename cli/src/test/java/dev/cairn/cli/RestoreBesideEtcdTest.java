package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.etcd.V2Document;
import dev.cairn.io.LocalDisk;
import dev.cairn.snap.SnapFile;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real tool and we restore the same file with the same flags: the same tree and permissions,
 * the same log and {@code .snap} to the byte, and a database that differs in what is named here.
 */
class RestoreBesideEtcdTest {
  private static final List<String> ALONE =
      List.of(
          "--name=restored-a",
          "--initial-cluster=restored-a=http://127.0.0.1:7001",
          "--initial-cluster-token=restore-token-a",
          "--initial-advertise-peer-urls=http://127.0.0.1:7001");
  private static final List<String> ONE_OF_THREE =
      List.of(
          "--name=m2",
          "--initial-cluster=m1=http://127.0.0.1:1,m2=http://127.0.0.1:3,"
              + "m2=http://127.0.0.1:2,m3=https://127.0.0.1:4",
          "--initial-cluster-token=of-three",
          "--initial-advertise-peer-urls=http://127.0.0.1:3,http://127.0.0.1:2");

  @TempDir Path directory;
  private EtcdTools tools;

  @BeforeEach
  void find() throws IOException {
    Optional<EtcdTools> found = EtcdTools.find();
    assertTrue(found.isPresent() || !"true".equals(System.getenv("CI")), "CI has no etcd");
    assumeTrue(found.isPresent(), "no etcd and etcdctl on the PATH");
    tools = found.get();
  }

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void theTreesAreTheSame(Fixture fixture) throws IOException {
    Path file = fixture.unpack(directory);
    int same = compare(fixture, file, ALONE, "alone") + compare(fixture, file, ONE_OF_THREE, "m2");
    TestRun.report("files of " + fixture + " restored as " + tools.version() + " does", same);
  }

  private int compare(Fixture fixture, Path file, List<String> flags, String name)
      throws IOException {
    List<String> command = new ArrayList<>(flags);
    command.add("--skip-hash-check=" + !fixture.hasHash);
    Path theirs = restoreByTool(file, command, directory.resolve(name + "-theirs"));
    Path ours = restore(file, command, directory.resolve(name + "-ours"));
    assertEquals(modes(theirs), modes(ours));
    int same = 0;
    for (String each : modes(theirs).keySet()) {
      if (each.endsWith(".snap") && flags == ONE_OF_THREE && tools.version().startsWith("3.6.")) {
        // It makes the members in an order that differs from run to run.
        assertEquals(membersOf(theirs.resolve(each)), membersOf(ours.resolve(each)));
      } else if (each.endsWith(".wal") || each.endsWith(".snap")) {
        assertArrayEquals(
            Files.readAllBytes(theirs.resolve(each)), Files.readAllBytes(ours.resolve(each)), each);
        same++;
      }
    }
    assertEquals(differences(), different(theirs, ours));
    return same;
  }

  private static V2Document membersOf(Path snap) {
    return V2Document.read(SnapFile.read(LocalDisk.INSTANCE, snap).data());
  }

  private Path restoreByTool(Path file, List<String> flags, Path data) throws IOException {
    List<String> words = new ArrayList<>(List.of("restore", file.toString(), "--data-dir=" + data));
    words.addAll(flags);
    EtcdTools.Output output = tools.snapshot(words.toArray(String[]::new));
    assertEquals(0, output.exitCode(), output.err());
    return data;
  }

  private Path restore(Path file, List<String> flags, Path data) {
    List<Object> words = new ArrayList<>(List.of("snapshot", "restore", file, "--data-dir", data));
    words.add("--target-version=" + tools.version().substring(0, 3));
    words.addAll(flags);
    Cli.run(words.toArray()).ok();
    return data;
  }

  private static Map<String, String> modes(Path root) throws IOException {
    Map<String, String> modes = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        modes.put(
            root.relativize(path).toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      }
    }
    return modes;
  }

  /** 3.4 leaves the old members there; the later ones write no configuration. */
  private Set<String> differences() {
    return tools.version().startsWith("3.4.") ? Set.of("members") : Set.of("meta/confState");
  }

  private static Set<String> different(Path theirs, Path ours) {
    Map<String, String> their = content(theirs);
    Map<String, String> our = content(ours);
    Set<String> entries = new TreeSet<>(their.keySet());
    entries.addAll(our.keySet());
    entries.removeIf(each -> their.getOrDefault(each, "").equals(our.getOrDefault(each, "")));
    Set<String> different = new TreeSet<>();
    for (String each : entries) {
      boolean members = each.startsWith("members/") || each.startsWith("members_removed/");
      different.add(members ? "members" : each);
    }
    return different;
  }

  /** Buckets and entries, values in hexadecimal. */
  private static Map<String, String> content(Path data) {
    Map<String, String> content = new TreeMap<>();
    try (ReadView view = SnapshotFile.inspect(data.resolve("member/snap/db")).openView()) {
      for (Bucket bucket : view.buckets()) {
        content.put(bucket + "/", "bucket");
        try (Cursor entry = view.openCursor(bucket)) {
          while (entry.next()) {
            content.put(bucket + "/" + StandardCharsets.ISO_8859_1.decode(entry.key()), hex(entry));
          }
        }
      }
    }
    return content;
  }

  private static String hex(Cursor entry) {
    byte[] value = new byte[entry.value().remaining()];
    entry.value().get(value);
    return "=" + HexFormat.of().formatHex(value);
  }
}
