package dev.cairn.snap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.testkit.FreePort;
import dev.cairn.wal.ConfState;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A body of ours is taken by a real etcd as one of a leader's, where it is installed. */
class RealPeerTest {
  private static final int ANSWER_TRIES_MAX = 300;
  private static final long INDEX = 0xabcdef;

  @TempDir Path directory;
  private final FreePort clientPort = FreePort.hold();
  private final FreePort peerPort = FreePort.hold();
  private String client;
  private String peer;

  @BeforeEach
  void need() {
    boolean found =
        List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
            .anyMatch(each -> Files.isExecutable(Path.of(each, "etcd")));
    System.out.println("tool etcd: " + (found ? "found" : "not found"));
    assumeTrue(found || "true".equals(System.getenv("CI")), "etcd is not on the path");
    client = "http://" + clientPort.address();
    peer = "http://" + peerPort.address();
  }

  @AfterEach
  void letGo() {
    clientPort.close();
    peerPort.close();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            "etcd",
            "--data-dir=data",
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=default=" + peer)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("etcd.log").toFile())
        .start();
  }

  private static HttpURLConnection open(String url) throws IOException {
    return (HttpURLConnection) URI.create(url).toURL().openConnection();
  }

  private static String ask(String url, byte[] body) throws IOException {
    HttpURLConnection connection = open(url);
    if (body.length > 0) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(body);
    }
    return new String(connection.getInputStream().readAllBytes(), UTF_8);
  }

  /** Asks until there is a leader: the server needs some time to start. */
  private String members() throws IOException, InterruptedException {
    for (int i = 1; ; i++) {
      try {
        return ask(client + "/v3/cluster/member/list", "{}".getBytes(UTF_8));
      } catch (IOException notYet) {
        assertTrue(i < ANSWER_TRIES_MAX, notYet::toString);
        Thread.sleep(100);
      }
    }
  }

  /** Answered once the member leads, in a term of its own. */
  private void put() throws IOException {
    ask(client + "/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"Yg==\"}".getBytes(UTF_8));
  }

  private static String field(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
    assertTrue(matcher.find(), () -> name + " in " + json);
    return matcher.group(1);
  }

  private int post(byte[] body, String version, long clusterId) throws IOException {
    HttpURLConnection connection = open(peer + "/raft/snapshot");
    Map.of(
            "Content-Type", "application/octet-stream",
            "X-Server-From", "1234",
            "X-Server-Version", version,
            "X-Min-Cluster-Version", "3.0.0",
            "X-Etcd-Cluster-ID", Long.toHexString(clusterId))
        .forEach(connection::setRequestProperty);
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    connection.getOutputStream().write(body);
    return connection.getResponseCode();
  }

  @Test
  void aBodyOfOursIsSavedByEtcd() throws Exception {
    Process etcd = start();
    try {
      String members = members();
      put();
      long member = Long.parseUnsignedLong(field(members, "member_id"));
      long cluster = Long.parseUnsignedLong(field(members, "cluster_id"));
      String version = field(ask(client + "/version", new byte[0]), "etcdserver");
      GivenImage image = SnapshotPeer.image(INDEX, 1 << 20);
      // Of a term before the member's own: it keeps the image, and does not act on the message.
      RaftSnapshot snapshot =
          new RaftSnapshot(INDEX, 1, ConfState.of(List.of(member)), "{}".getBytes(UTF_8));
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      SnapshotBody.write(
          new SnapshotMessage(member, 0x1234, 1, snapshot), image, Channels.newChannel(body));
      assertEquals(204, post(body.toByteArray(), version, cluster));
      Snapshotter snapshotter =
          Snapshotter.open(LocalDisk.INSTANCE, directory.resolve("data/member/snap"));
      assertArrayEquals(image.bytes(), Files.readAllBytes(snapshotter.database(INDEX)));
      put();
      assertTrue(Files.readString(directory.resolve("etcd.log")).contains("1234"));
    } finally {
      etcd.destroyForcibly().waitFor();
    }
  }
}
