package dev.cairn.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.RaftRequests.InternalRaftRequest;
import dev.cairn.etcd.proto.RaftRequests.PutRequest;
import dev.cairn.etcd.proto.RaftRequests.RequestHeader;
import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.snapshot.Fixture;
import dev.cairn.testkit.FreePort;
import dev.cairn.testkit.TestRun;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real etcd, where it is installed, starts on logs of a real etcd that we have gone on with: what
 * we appended it applies, over the segments that we cut and the half record that we repaired; and
 * what it then appends we read.
 */
class RealEtcdWalTest {
  private static final LocalDisk DISK = LocalDisk.INSTANCE;

  /** By itself it gives up after 2 and 5 seconds, which pass on a busy machine. */
  private static final List<String> PATIENT_ETCDCTL =
      List.of("etcdctl", "--command-timeout=60s", "--dial-timeout=60s");

  private static final int ANSWER_TRIES_MAX = 10;
  private static final int PUTS = 40;

  @TempDir Path directory;

  @BeforeEach
  void need() throws Exception {
    for (String tool : List.of("etcd", "etcdctl")) {
      boolean found =
          List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
              .anyMatch(each -> Files.isExecutable(Path.of(each, tool)));
      System.out.println("tool " + tool + ": " + (found ? "found" : "not found"));
      assumeTrue(found || "true".equals(System.getenv("CI")), tool + " is not on the path");
    }
    Process version = new ProcessBuilder("etcd", "--version").start();
    String text = new String(version.getInputStream().readAllBytes(), UTF_8);
    assumeTrue(text.contains("etcd Version: 3.4."), "a later etcd may not start on 3.4's data");
  }

  @Test
  void startsOnALogThatWasCutAndGoneOnWith() throws Exception {
    Path log = dataDirectory(Fixture.WALCUT);
    WalBytesTest.unpackWhole(RaftFixture.WALCUT, RaftFixture.FIRST_SEGMENT, 64_006_824, log);
    WalBytesTest.unpackWhole(
        RaftFixture.WALCUT, "0000000000000001-0000000000000046.wal", 64_000_000, log);
    goOnAndServe(log, SnapshotNote.NONE);
  }

  @Test
  void startsOnALogWithSnapshots() throws Exception {
    Path log = dataDirectory(Fixture.WAL);
    WalBytesTest.unpackWhole(RaftFixture.WAL, RaftFixture.FIRST_SEGMENT, 64_000_000, log);
    for (String index : List.of("65", "ca", "12f", "194")) {
      String snap = "0000000000000002-%16s.snap".formatted(index).replace(' ', '0');
      RaftFixture.WAL.unpack(snap, log.resolveSibling("snap"));
    }
    List<SnapshotNote> notes = Wal.validSnapshots(DISK, log);
    assertEquals(
        List.of(0L, 101L, 202L, 303L, 404L), notes.stream().map(SnapshotNote::index).toList());
    goOnAndServe(log, notes.get(4));
  }

  private Path dataDirectory(Fixture fixture) throws IOException {
    Path snap = Files.createDirectories(directory.resolve("data/member/snap"));
    Files.write(snap.resolve("db"), fixture.bytes());
    return Files.createDirectory(snap.resolveSibling("wal"));
  }

  private void goOnAndServe(Path log, SnapshotNote from) throws Exception {
    long last = append(log, from);
    List<Path> segments = SegmentName.list(DISK, log);
    assertTrue(segments.size() > 3, segments::toString);
    tear(log, from);
    assertTrue(Wal.repair(DISK, log));
    serve();
    WalContent content = Wal.read(DISK, log, from);
    // A new leader's entry and one put at least.
    long found = content.entries().get(content.entries().size() - 1).index();
    assertTrue(found >= last + 2, found + " behind " + last);
    assertTrue(
        content.entries().stream()
            .anyMatch(entry -> new String(entry.data(), UTF_8).contains("by etcd")));
    TestRun.report("puts of ours that a real etcd applied", PUTS);
  }

  private long append(Path log, SnapshotNote from) {
    WalOptions small = WalOptions.defaults().withSegmentBytes(1_000_000);
    try (Wal wal = Wal.open(DISK, log, from, small)) {
      WalContent content = wal.readAll();
      HardState state = content.hardState();
      long index = from.index() + content.entries().size();
      for (int i = 0; i < PUTS; i++) {
        index++;
        byte[] data = put("ours/" + i, "x".repeat(100_000 + i));
        Entry entry = new Entry(EntryType.NORMAL, state.term(), index, data);
        wal.save(new HardState(state.term(), state.vote(), index), List.of(entry));
      }
      return index;
    }
  }

  private static byte[] put(String key, String value) {
    return InternalRaftRequest.newBuilder()
        .setHeader(RequestHeader.newBuilder().setID(key.hashCode()))
        .setPut(
            PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value)))
        .build()
        .toByteArray();
  }

  private static void tear(Path log, SnapshotNote from) {
    WalEnd end = Wal.verify(DISK, log, from).end();
    try (var file = DISK.open(end.segment(), Disk.Mode.READ_WRITE)) {
      file.write(end.offsetBytes(), ByteBuffer.wrap(new byte[] {(byte) 0xf0, 8}));
    }
    assertTrue(Wal.verify(DISK, log, from).end().torn());
  }

  private void serve() throws Exception {
    try (FreePort clientPort = FreePort.hold();
        FreePort peerPort = FreePort.hold()) {
      serve("http://" + clientPort.address(), "http://" + peerPort.address());
    }
  }

  private void serve(String endpoint, String peer) throws Exception {
    List<String> command = new ArrayList<>(List.of("etcd", "--data-dir", "data"));
    command.addAll(List.of("--listen-client-urls", endpoint));
    command.addAll(List.of("--advertise-client-urls", endpoint, "--listen-peer-urls", peer));
    Process etcd = start(directory.resolve("etcd.log"), command);
    try {
      String got = answer(endpoint, "get", "ours/", "--prefix", "--keys-only");
      assertEquals(PUTS, got.lines().filter(each -> each.startsWith("ours/")).count());
      String value = run(endpoint, "get", "ours/7", "--print-value-only").strip();
      assertEquals(100_007, value.length());
      run(endpoint, "put", "theirs", "by etcd");
    } finally {
      etcd.destroy();
      if (!etcd.waitFor(20, TimeUnit.SECONDS)) {
        etcd.destroyForcibly().waitFor();
      }
    }
  }

  private Process start(Path output, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("ETCDCTL_API", "3");
    return builder.start();
  }

  private String run(String endpoint, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(PATIENT_ETCDCTL);
    command.addAll(List.of("--endpoints", endpoint));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "out", ".txt");
    int exitCode = start(output, command).waitFor();
    String text = Files.readString(output, UTF_8);
    assertEquals(0, exitCode, () -> command + ": " + text + tail(directory.resolve("etcd.log")));
    return text;
  }

  private static String tail(Path file) {
    try {
      String text = Files.readString(file, UTF_8);
      return text.substring(Math.max(0, text.length() - 2_000));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Asks until the server answers: it needs some time to start. */
  private String answer(String endpoint, String... arguments) throws Exception {
    for (int i = 1; i < ANSWER_TRIES_MAX; i++) {
      try {
        return run(endpoint, arguments);
      } catch (AssertionError notYet) {
        Thread.sleep(100);
      }
    }
    return run(endpoint, arguments);
  }
}
