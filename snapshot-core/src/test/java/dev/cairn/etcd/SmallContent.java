package dev.cairn.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.snapshot.MapView;

/** A small content of etcd's, to be spoilt. */
final class SmallContent {
  private SmallContent() {}

  static KeyValue.Builder entry(String key, long created, long revision, long version) {
    return KeyValue.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setCreateRevision(created)
        .setModRevision(revision)
        .setVersion(version)
        .setValue(ByteString.copyFromUtf8("v"));
  }

  static void put(MapView view, long main, KeyValue.Builder entry) {
    view.put("key", Revision.of(main, 0).encode(), entry.build().toByteArray());
  }

  /** A small content with something in each bucket, and nothing wrong. */
  static MapView right() {
    MapView view = new MapView();
    EtcdBuckets.ALL.forEach(each -> view.bucket(each.toString()));
    put(view, 2, entry("a", 2, 2, 1));
    put(view, 3, entry("b", 3, 3, 1).setLease(7));
    put(view, 4, entry("a", 2, 4, 2));
    view.put(
        "key",
        new Revision(5, 0, true).encode(),
        KeyValue.newBuilder().setKey(ByteString.copyFromUtf8("a")).build().toByteArray());
    view.put("lease", EtcdApplied.bigEndian(7), new byte[] {8, 7, 16, 60});
    view.put("meta", EtcdView.CONSISTENT_INDEX, EtcdApplied.bigEndian(9));
    view.put("meta", EtcdView.TERM, EtcdApplied.bigEndian(2));
    view.put("meta", "confState", "{\"voters\":[26,18446744073709551615],\"auto_leave\":false}");
    view.put("meta", "storageVersion", "3.6.0");
    view.put("cluster", "clusterVersion", "3.6.0");
    view.put("cluster", "downgrade", "{\"target-version\":\"3.5.0\",\"enabled\":true}");
    view.put("auth", bytes("authEnabled"), new byte[] {1});
    view.put("auth", bytes("authRevision"), EtcdApplied.bigEndian(3));
    view.put("authRoles", bytes("root"), new byte[] {10, 4, 'r', 'o', 'o', 't'});
    view.put(
        "authUsers",
        bytes("me"),
        new byte[] {10, 2, 'm', 'e', 18, 1, 'x', 26, 4, 'r', 'o', 'o', 't', 34, 0});
    view.put("members", "1a", "{\"id\":26,\"peerURLs\":[\"http://a:1\"],\"name\":\"\\u003c\"}");
    view.put(
        "members",
        "ffffffffffffffff",
        "{\"id\":18446744073709551615,\"peerURLs\":[\"http://b:1\"],\"isLearner\":true}");
    view.put("members_removed", "2b", "removed");
    return view;
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
