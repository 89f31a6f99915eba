package dev.cairn.etcd;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes the v2 document of a membership anew, as etcd 3.6 does: the tree is what a start reads,
 * and the history of events beside it is empty.
 */
final class MembershipDocument {
  /** How many events a document has room for, whether they have happened or not. */
  private static final int EVENTS = 1000;

  private static final String NODE =
      "{\"Path\":%s,\"CreatedIndex\":%d,\"ModifiedIndex\":%d,"
          + "\"ExpireTime\":\"0001-01-01T00:00:00Z\",\"Value\":%s,\"Children\":%s}";
  private static final String WATCHER_HUB =
      "{\"EventHistory\":{\"Queue\":{\"Events\":[null%s],\"Size\":0,\"Front\":0,\"Back\":0,"
          + "\"Capacity\":%d},\"StartIndex\":0,\"LastIndex\":0}}";
  private static final String STATS =
      "{\"getsSuccess\":0,\"getsFail\":0,\"setsSuccess\":0,\"setsFail\":0,"
          + "\"deleteSuccess\":0,\"deleteFail\":0,\"updateSuccess\":0,\"updateFail\":0,"
          + "\"createSuccess\":%d,\"createFail\":0,"
          + "\"compareAndSwapSuccess\":0,\"compareAndSwapFail\":0,"
          + "\"compareAndDeleteSuccess\":0,\"compareAndDeleteFail\":0,"
          + "\"expireCount\":0,\"watchers\":0}";

  /** A directory, which has children, or a leaf, which has a value. */
  private static final class Node {
    private final String path;
    private final int index;
    private String value;
    private final SortedMap<String, Node> children = new TreeMap<>();

    private Node(String path, int index) {
      this.path = path;
      this.index = index;
    }

    private String json() {
      return NODE.formatted(
          GoText.json(path),
          index,
          index,
          GoText.json(value == null ? "" : value),
          value == null ? childrenJson() : "null");
    }

    private String childrenJson() {
      StringBuilder json = new StringBuilder("{");
      children.forEach(
          (name, child) -> {
            json.append(json.length() == 1 ? "" : ",");
            json.append(GoText.json(name)).append(':').append(child.json());
          });
      return json.append('}').toString();
    }
  }

  private final Node root = new Node("/", 0);
  private int index;

  private MembershipDocument() {}

  static byte[] write(RaftMembership membership) {
    MembershipDocument document = new MembershipDocument();
    document.child(document.root, "0");
    document.child(document.root, "1");
    document.put(membership);
    return document.json().getBytes(StandardCharsets.UTF_8);
  }

  private Node child(Node parent, String name) {
    String path = parent == root ? "/" + name : parent.path + "/" + name;
    return parent.children.computeIfAbsent(name, absent -> new Node(path, index));
  }

  private void put(RaftMembership membership) {
    for (Member member : membership.members()) {
      leaf(member.raftAttributesJson(), "0", "members", member.idHex(), "raftAttributes");
      if (!member.name().isEmpty() || !member.clientUrls().isEmpty()) {
        leaf(member.attributesJson(), "0", "members", member.idHex(), "attributes");
      }
    }
    for (Long removed : membership.removed()) {
      leaf("", "0", "removed_members", Long.toHexString(removed));
    }
    membership.clusterVersion().ifPresent(version -> leaf(version, "0", "version"));
  }

  /** What it needs of directories is made with it, by the same change. */
  private void leaf(String value, String... names) {
    index++;
    Node node = root;
    for (String name : names) {
      node = child(node, name);
    }
    node.value = value;
  }

  private String json() {
    return "{\"Root\":%s,\"WatcherHub\":%s,\"CurrentIndex\":%d,\"Stats\":%s,\"CurrentVersion\":2}"
        .formatted(
            root.json(),
            WATCHER_HUB.formatted(",null".repeat(EVENTS - 1), EVENTS),
            index,
            STATS.formatted(index));
  }
}
