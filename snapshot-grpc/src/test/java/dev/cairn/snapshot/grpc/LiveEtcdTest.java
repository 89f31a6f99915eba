package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdApplied;
import dev.cairn.etcd.EtcdCheck;
import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.EtcdView;
import dev.cairn.snapshot.Convert;
import dev.cairn.snapshot.ConvertOptions;
import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.spi.Engines;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.TestRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd with a random history, and our server over what it held, asked by one etcdctl. */
@Timeout(600)
class LiveEtcdTest {
  private static final long SEED = TestRun.seed(LiveEtcdTest.class);

  private final SplittableRandom random = new SplittableRandom(SEED);

  @TempDir Path directory;
  private Tools tools;
  private String endpoint;

  @BeforeEach
  void needTools() {
    Loopback.quietly();
    Tools.need("etcd", "etcdctl");
    tools = new Tools(directory);
  }

  private String etcdctl(String... words) throws Exception {
    String[] all = new String[words.length + 1];
    all[0] = "--endpoints=" + endpoint;
    System.arraycopy(words, 0, all, 1, words.length);
    return tools.etcdctl(all);
  }

  private static String field(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":(-?\\d+)").matcher(json);
    assertTrue(matcher.find(), () -> name + " in " + json);
    return matcher.group(1);
  }

  private String key() {
    return "k" + random.nextInt(12);
  }

  private void change(String lease) throws Exception {
    switch (random.nextInt(8)) {
      case 0 -> etcdctl("del", key());
      case 1 -> etcdctl("del", "k", "k" + random.nextInt(3, 9));
      case 2 -> etcdctl("put", key(), "leased", "--lease=" + lease);
      case 3 -> transaction();
      default -> etcdctl("put", key(), "v" + random.nextInt());
    }
  }

  private void transaction() throws Exception {
    String puts = "put a%1$s 1\nput b%1$s 2\ndel k%1$s\n".formatted(random.nextInt(3));
    tools.etcdctlWithInput("\n" + puts + "\n\n", "--endpoints=" + endpoint, "txn");
  }

  private void history() throws Exception {
    String granted = etcdctl("lease", "grant", "600", "-w", "json");
    String lease = Long.toHexString(Long.parseLong(field(granted, "ID")));
    int changes = TestRun.count(60, 1_000);
    for (int i = 0; i < changes; i++) {
      change(lease);
    }
    String revoked = etcdctl("lease", "grant", "600", "-w", "json");
    String gone = Long.toHexString(Long.parseLong(field(revoked, "ID")));
    etcdctl("put", "short", "lived", "--lease=" + gone);
    etcdctl("put", "longer", "lived", "--lease=" + gone);
    etcdctl("put", "longer", "lived");
    etcdctl("lease", "revoke", gone);
  }

  private void compact() throws Exception {
    long current = Long.parseLong(field(etcdctl("get", "none", "-w", "json"), "revision"));
    etcdctl("compaction", "--physical", String.valueOf(current * 2 / 3));
    for (int i = 0; i < 10; i++) {
      etcdctl("put", key(), "after");
    }
    etcdctl("del", "k", "k5");
  }

  @Test
  void whatWeServeIsWhatEtcdServed() throws Exception {
    for (boolean compacted : new boolean[] {false, true}) {
      Path home = directory.resolve(compacted ? "compacted" : "whole");
      Files.createDirectory(home);
      compare(home, compacted);
    }
  }

  private void compare(Path home, boolean compacted) throws Exception {
    SnapshotFile saved;
    String status;
    String hashKv;
    try (RealEtcd etcd = RealEtcd.start(home.resolve("data"));
        MaintenanceClient client = MaintenanceClient.connect(etcd.endpoint(), Loopback.PATIENT)) {
      client.status();
      endpoint = etcd.endpoint();
      history();
      if (compacted) {
        compact();
      }
      status = etcdctl("endpoint", "status", "-w", "json");
      hashKv = etcdctl("endpoint", "hashkv", "-w", "json");
      saved = client.save(home.resolve("saved.db"), SaveOptions.defaults());
      compareRevisions(saved, status, hashKv);
    }
    serve(saved, home.resolve("store.db"), status, hashKv);
  }

  /** Every revision that is left, hashed by etcd and by us; nothing to find in it. */
  private void compareRevisions(SnapshotFile saved, String status, String hashKv) throws Exception {
    long current = Long.parseLong(field(status, "revision"));
    long first = Math.max(1, Long.parseLong(field(hashKv, "compact_revision"))) + 1;
    try (ReadView view = saved.openView()) {
      for (long revision = first; revision <= current; revision++) {
        String theirs = etcdctl("endpoint", "hashkv", "--rev=" + revision, "-w", "json");
        assertEquals(
            field(theirs, "hash"),
            Integer.toUnsignedString(EtcdHash.hashKv(view, revision)),
            "revision " + revision);
      }
      EtcdCheck check = EtcdCheck.of(view);
      assertEquals(List.of(), check.findings());
      assertEquals(List.of(), check.notes());
    }
    TestRun.report("revisions hashed as etcd does", current - first + 1);
  }

  private void serve(SnapshotFile saved, Path file, String status, String hashKv) throws Exception {
    Convert.convert(saved.path(), file, Engines.named("lmdb"), ConvertOptions.defaults());
    ServerIdentity identity =
        new ServerIdentity(
            Long.parseUnsignedLong(field(status, "cluster_id")),
            Long.parseUnsignedLong(field(status, "member_id")),
            Long.parseUnsignedLong(field(status, "leader")),
            Long.parseLong(field(status, "raftTerm")),
            Long.parseLong(field(status, "raftIndex")));
    MaintenanceConfig config = MaintenanceConfig.defaults().withIdentity(() -> identity);
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    String was = endpoint;
    try (Store store =
            Store.open(file, StoreConfig.existing().withAppliedCodec(new EtcdApplied()));
        MaintenanceServer server = MaintenanceServer.start(store, free, config)) {
      endpoint = "127.0.0.1:" + server.address().getPort();
      assertEquals(hashKv.replace(was, endpoint), etcdctl("endpoint", "hashkv", "-w", "json"));
      String ours = etcdctl("endpoint", "status", "-w", "json");
      for (String name : List.of("header", "leader", "raftIndex", "raftTerm", "errors")) {
        assertEquals(part(status, name), part(ours, name), name);
      }
    }
  }

  /** A field with its value as it is printed, or nothing. */
  private static String part(String json, String name) {
    Matcher matcher =
        Pattern.compile("\"" + name + "\":(\\{[^}]*}|\\[[^]]*]|[^,}]*)").matcher(json);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** A compaction leaves the hash as it is: whether it is done, half done, or not yet begun. */
  @Test
  void aCompactionThatAKillCutIsNotedAndHashedAsEtcdHashesIt() throws Exception {
    Path data = directory.resolve("data");
    long revision = restored(20_000, data);
    try (RealEtcd etcd = RealEtcd.start(data);
        MaintenanceClient client = MaintenanceClient.connect(etcd.endpoint(), Loopback.PATIENT)) {
      client.status();
      endpoint = etcd.endpoint();
      etcdctl("get", "none");
      etcdctl("compaction", String.valueOf(revision - 500));
      etcd.kill();
    }
    int hash;
    try (ReadView view = SnapshotFile.inspect(data.resolve("member/snap/db")).openView()) {
      EtcdCheck check = EtcdCheck.of(view);
      assertEquals(List.of(), check.findings());
      TestRun.report("compactions cut by a kill", check.notes().size());
      hash = EtcdHash.hashKv(view, 0);
    }
    try (RealEtcd etcd = RealEtcd.start(data);
        MaintenanceClient client = MaintenanceClient.connect(etcd.endpoint(), Loopback.PATIENT)) {
      client.status();
      endpoint = etcd.endpoint();
      etcdctl("get", "none");
      String theirs = etcdctl("endpoint", "hashkv", "-w", "json");
      assertEquals(Integer.toUnsignedString(hash), field(theirs, "hash"));
      assertEquals(String.valueOf(revision - 500), field(theirs, "compact_revision"));
    }
  }

  /** A data directory that etcdctl restored from an image of ours; its revision. */
  private long restored(int keys, Path data) throws Exception {
    Path snapshot = directory.resolve("load.db");
    long revision;
    try (Store store = TestStores.loaded("lmdb", directory, keys, 20);
        Snapshot image = EtcdImages.of(store.openView())) {
      revision = store.view(EtcdView::currentRevision);
      Snapshots.save(image, snapshot, SaveOptions.defaults());
    }
    tools.etcdctl("snapshot", "restore", snapshot.toString(), "--data-dir", data.toString());
    return revision;
  }
}
