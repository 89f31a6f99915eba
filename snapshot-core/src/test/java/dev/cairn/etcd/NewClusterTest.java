package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.Fixture;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.wal.RaftFixture;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewClusterTest {
  private static final ClusterFlags DEFAULTS = ClusterFlags.defaults();
  private static final HostLookup NOBODY =
      host -> {
        throw new UnknownHostException(host);
      };

  private static String refusal(ClusterFlags flags) {
    StorageException refused =
        assertThrows(StorageException.class, () -> NewCluster.of(flags, NOBODY));
    assertEquals(1, refused.code().exitCode());
    return refused.getMessage();
  }

  /** Ids that the real etcdctl gave. */
  @ParameterizedTest
  @CsvSource({
    "RESTORED_DEFAULTS, 8e9e05c52164694d, cdf818194e3a8c32, 1",
    "RESTORED_SINGLE, 845ddf2898e8b38d, 3abf7436166d391e, 1",
    "RESTORED_M1, 46251a17b18f90fa, fb5af4c0e823776c, 3",
    "RESTORED_M2, cf246db7965c6e4, fb5af4c0e823776c, 3",
    "RESTORED_M3, 51d742984733550, fb5af4c0e823776c, 3"
  })
  void idsAreEtcds(RaftFixture fixture, String self, String clusterId, long index) {
    NewCluster cluster = NewCluster.of(Restored.flags(fixture));
    assertEquals(self, cluster.self().idHex());
    assertEquals(clusterId, Long.toHexString(cluster.clusterId()));
    assertEquals(index, cluster.index());
    assertEquals(index, cluster.members().size());
    assertEquals(index, cluster.confState().voters().size());
    List<Long> ids = cluster.members().stream().map(Member::id).toList();
    assertEquals(ids.stream().sorted(Long::compareUnsigned).toList(), ids);
  }

  /** What the real etcdctl said to the same flags. */
  @Test
  void refusesInEtcdctlsWords() {
    assertEquals(
        "--initial-cluster has default=http://localhost:2380 but missing from"
            + " --initial-advertise-peer-urls=http://127.0.0.1:9999 (resolved urls:"
            + " \"http://127.0.0.1:9999\" != \"http://localhost:2380\")",
        refusal(DEFAULTS.withPeerUrls("http://127.0.0.1:9999")));
    assertEquals(
        "URL scheme must be http, https, unix, or unixs: ftp://127.0.0.1:9999",
        refusal(DEFAULTS.withPeerUrls("ftp://127.0.0.1:9999")));
    assertEquals(
        "initial cluster a=http://127.0.0.1:1111,b=http://127.0.0.1:1111 has duplicate url",
        refusal(
            DEFAULTS
                .withName("a")
                .withInitialCluster("a=http://127.0.0.1:1111,b=http://127.0.0.1:1111")
                .withPeerUrls("http://127.0.0.1:1111")));
    assertEquals(
        "couldn't find local name \"default\" in the initial cluster configuration",
        refusal(DEFAULTS.withInitialCluster("")));
    assertEquals(
        "couldn't find local name \"nobody\" in the initial cluster configuration",
        refusal(DEFAULTS.withName("nobody")));
    assertEquals(
        "URL must not contain a path: http://127.0.0.1:80/x",
        refusal(DEFAULTS.withPeerUrls("http://127.0.0.1:80/x")));
    assertEquals(
        "URL address does not have the form \"host:port\": http://127.0.0.1",
        refusal(DEFAULTS.withPeerUrls("http://127.0.0.1")));
  }

  @Test
  void refusesTheFirstThingThatIsWrong() {
    assertEquals(
        "URL scheme must be http, https, unix, or unixs: x",
        refusal(DEFAULTS.withPeerUrls("x").withInitialCluster("y").withName("z")));
    assertEquals(
        "URL scheme must be http, https, unix, or unixs: ",
        refusal(DEFAULTS.withInitialCluster("y").withName("z")));
    assertEquals(
        "--initial-cluster has default=http://a:2,default=http://a:3 but missing from"
            + " --initial-advertise-peer-urls=http://a:1 (len([\"http://a:1\"]) !="
            + " len([\"http://a:2\" \"http://a:3\"]))",
        refusal(
            DEFAULTS
                .withInitialCluster("default=http://a:3,default=http://a:2")
                .withPeerUrls("http://a:1")));
    assertEquals(
        "--initial-advertise-peer-urls has http://a:1 but missing from"
            + " --initial-cluster=default=http://a:1,default=http://a:2",
        refusal(
            DEFAULTS
                .withInitialCluster("default=http://a:2")
                .withPeerUrls("http://a:2,http://a:1")));
    assertEquals(
        "failed to resolve http://a:1,http://a:1 to match"
            + " --initial-cluster=default=http://a:1,default=http://a:1"
            + " (len([\"http://a:1\" \"http://a:1\"]) != len([\"http://a:1\"]))",
        refusal(
            DEFAULTS
                .withInitialCluster("default=http://a:1")
                .withPeerUrls("http://a:1,http://a:1")));
    assertEquals(
        "--initial-cluster has default=http://b:1 but missing from"
            + " --initial-advertise-peer-urls=http://a:1 (failed to resolve \"http://a:1\" (a))",
        refusal(DEFAULTS.withInitialCluster("default=http://b:1").withPeerUrls("http://a:1")));
  }

  /** The ids come from the URLs of the initial cluster, as etcd's do. */
  @Test
  void hostsMayHaveOtherNames() {
    List<String> asked = new ArrayList<>();
    HostLookup lookup =
        host -> {
          asked.add(host);
          return host.equals("b") ? "::1" : "10.0.0.7";
        };
    NewCluster cluster =
        NewCluster.of(
            DEFAULTS
                .withInitialCluster("default=http://a:1,default=http://[::1]:2,d=http://c:1")
                .withPeerUrls("http://10.0.0.7:1,http://b:2"),
            lookup);
    assertEquals(List.of("http://[::1]:2", "http://a:1"), cluster.self().peerUrls());
    assertEquals(List.of("b", "a"), asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:2380",
        " https://h:1 ",
        "HTTP://H:1",
        "unix://sock:1",
        "unixs://sock:0",
        "http://[::1]:2380",
        "http://user:pw@h:1",
        "http://h:",
        "http://h:1?x=y#z",
        "http://bücher:1"
      })
  void whatEtcdTakesIsTaken(String url) {
    String own = url.strip().replace("HTTP:", "http:");
    assertEquals(own, PeerUrl.parse(url).toString());
    String cluster = "default=" + url;
    NewCluster.of(DEFAULTS.withInitialCluster(cluster).withPeerUrls(url), NOBODY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http:h:1 | URL address does not have the form \"host:port\": http:h:1",
        "http:/h:1 | URL address does not have the form \"host:port\": http:/h:1",
        "http://h:1/ | URL must not contain a path: http://h:1/",
        "http://a:b:1 | URL address does not have the form \"host:port\": http://a:b:1",
        "h:1 | URL scheme must be http, https, unix, or unixs: h:1",
        "localhost | URL scheme must be http, https, unix, or unixs: localhost",
        "10.0.0.1:1 | parse \"10.0.0.1:1\": first path segment in URL cannot contain colon",
        ":x | parse \":x\": missing protocol scheme",
        "http://h:x | parse \"http://h:x\": invalid port \":x\" after host",
        "http://[::1 | parse \"http://[::1\": missing ']' in host",
        "http://[::1]x:1 | parse \"http://[::1]x:1\": invalid port \"x:1\" after host",
        "http://a b:1 | parse \"http://a b:1\": invalid character \" \" in host name",
        "ftp://h:x | parse \"ftp://h:x\": invalid port \":x\" after host"
      })
  void whatIsNoUrlIsNamed(String url, String expected) {
    assertEquals(
        expected, assertThrows(StorageException.class, () -> PeerUrl.parse(url)).getMessage());
  }

  @Test
  void controlCharactersAreNamed() {
    assertEquals(
        "parse \"http://h\\x01:1\": net/url: invalid control character in URL",
        refusal(DEFAULTS.withPeerUrls("http://h\u0001:1")));
  }

  @Test
  void namesMayBeAnything() {
    String name = "a\"<b>\\\t\u00e9";
    NewCluster cluster =
        NewCluster.of(
            DEFAULTS.withName(name).withInitialCluster(name + "=http://localhost:2380"), NOBODY);
    assertEquals(
        "{\"id\":10276657743932975437,\"peerURLs\":[\"http://localhost:2380\"],"
            + "\"name\":\"a\\\"\\u003cb\\u003e\\\\\\t\u00e9\"}",
        cluster.self().json());
    assertEquals(
        "couldn't find local name \"x\\n\\\"\\x07\" in the initial cluster configuration",
        refusal(DEFAULTS.withName("x\n\"\u0007")));
  }

  @ParameterizedTest
  @EnumSource(TargetVersion.class)
  void entriesOfTheDatabase(TargetVersion target) {
    NewCluster cluster = NewCluster.of(Restored.flags(RaftFixture.RESTORED_M2).withTarget(target));
    List<String> entries = cluster.entries().stream().map(NewClusterTest::shown).toList();
    List<String> expected =
        new ArrayList<>(
            List.of(
                "members/46251a17b18f90fa={\"id\":5054474845858795770,"
                    + "\"peerURLs\":[\"http://127.0.0.1:12380\"],\"name\":\"m1\"}",
                "members/51d742984733550={\"id\":368578466178872656,"
                    + "\"peerURLs\":[\"http://127.0.0.1:32380\"],\"name\":\"m3\"}",
                "members/cf246db7965c6e4={\"id\":932885981267609316,\"peerURLs\":"
                    + "[\"http://127.0.0.1:22380\",\"http://127.0.0.1:22381\"],\"name\":\"m2\"}"));
    if (target == TargetVersion.V3_4) {
      expected.add("meta/consistent_index=0x0000000000000003");
    } else {
      expected.add(
          "meta/confState={\"voters\":[368578466178872656,932885981267609316,"
              + "5054474845858795770],\"auto_leave\":false}");
      expected.add("meta/consistent_index=0x0000000000000003");
      expected.add("meta/term=0x0000000000000001");
    }
    assertEquals(expected, entries);
    for (SchemaEntry entry : cluster.entries()) {
      assertTrue(cluster.drops(entry.bucket(), ByteBuffer.wrap(entry.key())));
    }
  }

  private static String shown(SchemaEntry entry) {
    String value = new String(entry.value(), StandardCharsets.UTF_8);
    return "%s/%s=%s"
        .formatted(
            new String(entry.bucket().name(), StandardCharsets.US_ASCII),
            new String(entry.key(), StandardCharsets.US_ASCII),
            value.startsWith("{") ? value : "0x" + HexFormat.of().formatHex(entry.value()));
  }

  @Test
  void whatBelongsToTheOldLogIsDropped() {
    for (TargetVersion target : TargetVersion.values()) {
      NewCluster cluster = NewCluster.of(DEFAULTS.withTarget(target));
      for (String key : List.of("consistent_index", "term", "confState")) {
        assertTrue(drops(cluster, "meta", key), key);
      }
      assertEquals(target != TargetVersion.V3_6, drops(cluster, "meta", "storageVersion"));
      assertTrue(drops(cluster, "members", "1"));
      assertTrue(drops(cluster, "members_removed", "1"));
      assertFalse(drops(cluster, "meta", "finishedCompactRev"));
      assertFalse(drops(cluster, "key", "term"));
      assertFalse(drops(cluster, "cluster", "clusterVersion"));
    }
  }

  private static boolean drops(NewCluster cluster, String bucket, String key) {
    return cluster.drops(Bucket.named(bucket), ByteBuffer.wrap(EtcdBuckets.ascii(key)));
  }

  @Test
  void versionsAreFoundByTheirNames() {
    for (TargetVersion target : TargetVersion.values()) {
      assertEquals(target, TargetVersion.named(target.text()));
    }
    assertEquals(
        "no target version \"3.3\"; there are 3.4, 3.5, 3.6",
        assertThrows(StorageException.class, () -> TargetVersion.named("3.3")).getMessage());
  }

  @Test
  void warnsOfWhatMayMeetTheOldCluster(@TempDir Path directory) throws Exception {
    try (ReadView view = SnapshotFile.inspect(Fixture.TINY.in(directory)).openView()) {
      List<String> warnings = NewCluster.of(DEFAULTS).warnings(view);
      assertEquals(1, warnings.size());
      assertTrue(warnings.get(0).contains("token is the default"), warnings.get(0));
      NewCluster same =
          NewCluster.of(
              DEFAULTS
                  .withName("alpha")
                  .withInitialCluster("alpha=http://127.0.0.1:42875")
                  .withPeerUrls("http://127.0.0.1:42875")
                  .withToken("public-token-1"));
      warnings = same.warnings(view);
      assertEquals(1, warnings.size());
      assertTrue(warnings.get(0).contains("73c2be9d6338bf7b"), warnings.get(0));
    }
  }
}
