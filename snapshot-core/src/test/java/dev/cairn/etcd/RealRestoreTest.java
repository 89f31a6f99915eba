package dev.cairn.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.snapshot.Fixture;
import dev.cairn.spi.StorageException;
import dev.cairn.testkit.TestRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same flags to a real etcdctl or etcdutl, where it is installed, and to us: the same bytes and
 * words.
 */
class RealRestoreTest {
  private static final long SEED = TestRun.seed(RealRestoreTest.class);

  private final SplittableRandom random = new SplittableRandom(SEED);

  @TempDir Path directory;

  /** What etcdctl said. */
  private record Said(int exitCode, String text) {}

  private String tool;
  private TargetVersion target;

  @BeforeEach
  void need() throws Exception {
    // From 3.5 on it is etcdutl that restores.
    tool = onPath("etcdutl") ? "etcdutl" : "etcdctl";
    boolean found = onPath(tool);
    System.out.println("tool " + tool + ": " + (found ? "found" : "not found"));
    assumeTrue(found || "true".equals(System.getenv("CI")), "etcdctl is not on the path");
    String version = run("version").text();
    System.out.println(version.lines().findFirst().orElse(""));
    Matcher number = Pattern.compile(tool + " version: (3\\.[456])\\.").matcher(version);
    assumeTrue(number.find(), "the bytes are those of 3.4 to 3.6");
    target = TargetVersion.named(number.group(1));
  }

  private static boolean onPath(String name) {
    return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
        .anyMatch(each -> Files.isExecutable(Path.of(each, name)));
  }

  private Said run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tool));
    command.addAll(List.of(arguments));
    Path output = directory.resolve("out.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("ETCDCTL_API", "3");
    int exitCode = builder.start().waitFor();
    return new Said(exitCode, Files.readString(output, UTF_8));
  }

  private Said restore(ClusterFlags flags, String data) throws Exception {
    Path snapshot = Fixture.TINY.in(directory);
    return run(
        "snapshot",
        "restore",
        snapshot.getFileName().toString(),
        "--data-dir=" + data,
        "--name=" + flags.name(),
        "--initial-cluster=" + flags.initialCluster(),
        "--initial-cluster-token=" + flags.token(),
        "--initial-advertise-peer-urls=" + flags.peerUrls());
  }

  @Test
  void anyClusterHasEtcdctlsBytes() throws Exception {
    int clusters = TestRun.count(12, 200);
    for (int i = 0; i < clusters; i++) {
      ClusterFlags flags = cluster();
      Said said = restore(flags, "data" + i);
      assertEquals(0, said.exitCode(), flags + ": " + said.text());
      Path member = directory.resolve("data" + i + "/member");
      Path ours = Files.createDirectory(directory.resolve("ours" + i));
      BootstrapFiles files =
          BootstrapFiles.write(LocalDisk.INSTANCE, NewCluster.of(flags), ours, ours);
      assertSame(member.resolve("wal"), files.segment(), flags);
      if (isDeterministic(flags)) {
        assertSame(member.resolve("snap"), files.snap(), flags);
      } else {
        assertSameMembers(member.resolve("snap"), files.snap());
      }
      for (Path each : List.of(files.segment(), files.snap())) {
        Files.delete(each);
      }
      Files.delete(member.resolve("wal").resolve(files.segment().getFileName()));
    }
    TestRun.report("clusters restored as etcdctl does", clusters);
  }

  private static void assertSame(Path real, Path ours, ClusterFlags flags) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(real.resolve(ours.getFileName())),
        Files.readAllBytes(ours),
        flags::toString);
  }

  /** 3.6 makes the members in an order that differs from run to run. */
  private boolean isDeterministic(ClusterFlags flags) {
    return target != TargetVersion.V3_6 || NewCluster.of(flags).members().size() == 1;
  }

  private static void assertSameMembers(Path real, Path ours) {
    RaftSnapshot theirs = SnapFile.read(LocalDisk.INSTANCE, real.resolve(ours.getFileName()));
    RaftSnapshot mine = SnapFile.read(LocalDisk.INSTANCE, ours);
    assertEquals(theirs.index(), mine.index());
    assertEquals(theirs.term(), mine.term());
    assertEquals(theirs.confState(), mine.confState());
    assertEquals(V2Document.read(theirs.data()), V2Document.read(mine.data()));
  }

  /** One to seven members with one to three URLs each, in any order, and names of many letters. */
  private ClusterFlags cluster() {
    int count = 1 + random.nextInt(7);
    List<String> pairs = new ArrayList<>();
    List<String> own = new ArrayList<>();
    for (int member = 0; member < count; member++) {
      for (int url = random.nextInt(3); url >= 0; url--) {
        String text = url(pairs.size());
        pairs.add(random.nextInt(pairs.size() + 1), name(member) + "=" + text);
        if (member == 0) {
          own.add(random.nextInt(own.size() + 1), text);
        }
      }
    }
    return ClusterFlags.defaults()
        .withName(name(0))
        .withInitialCluster(String.join(",", pairs))
        .withPeerUrls(String.join(",", own))
        .withToken("token <" + random.nextInt() + ">")
        .withTarget(target);
  }

  private String url(int number) {
    String[] hosts = {"127.0.0.1", "localhost", "[::1]", "10.9.8.7"};
    String scheme = random.nextBoolean() ? "http" : "https";
    return scheme + "://" + hosts[random.nextInt(hosts.length)] + ":" + (10_000 + number);
  }

  private static String name(int member) {
    return "m&" + member + "<\u00e9\u2028\"\\>";
  }

  /** Both refuse it, in the same words. */
  @Test
  void whatEtcdctlRefusesIsRefusedInItsWords() throws Exception {
    assumeTrue(target == TargetVersion.V3_4, "a newer Go has other words for a bad URL");
    // Addresses, so that nobody's name server is asked.
    String[] urls = {
      "",
      "x",
      "ftp://10.0.0.1:1",
      "http://10.0.0.1",
      "http://10.0.0.1:1/",
      "http://h:1/x",
      "http:h:1",
      "http:/h:1",
      "10.0.0.1:1",
      ":x",
      "http://h:x",
      "http://[::1",
      "http://[::1]x:1",
      "http://a:b:1",
      "http://10.0.0.1:1,http://10.0.0.1:1",
      "http://10.0.0.1:1",
      "a_b:1",
      "//h:1",
      "http://localhost:2380,http://10.0.0.1:2",
      "http//h:1",
      "http://",
      "http://10.0.0.1:1#/x/",
      "http://@:1/",
      "http://10.0.0.1:1?/",
      "http://10.0.0.1:1#/",
      "http://[::1]",
      "HTTP://h",
      "http://h:-1",
      "unix:/h:1",
      "unix://h",
      "http://h h:1",
      "http://h%:1",
      "http://h^:1",
      "http://h:1\u0001"
    };
    int refused = 0;
    for (String url : urls) {
      refused += compare(ClusterFlags.defaults().withPeerUrls(url));
      refused += compare(ClusterFlags.defaults().withInitialCluster("default=" + url));
    }
    for (String cluster :
        List.of(
            "",
            "a=http://10.0.0.1:1",
            "default",
            "default=",
            "=http://10.0.0.1:1",
            ",,default=x,,")) {
      refused += compare(ClusterFlags.defaults().withInitialCluster(cluster));
    }
    assertTrue(refused > urls.length, refused + " refused");
    TestRun.report("refusals in etcdctl's words", refused);
  }

  private int compare(ClusterFlags flags) throws Exception {
    Said said = restore(flags, "refused");
    assertEquals(1, said.exitCode(), flags + ": " + said.text());
    StorageException ours =
        assertThrows(StorageException.class, () -> NewCluster.of(flags), flags::toString);
    assertEquals(("Error: " + ours.getMessage()).strip(), said.text().strip(), flags::toString);
    return 1;
  }
}
