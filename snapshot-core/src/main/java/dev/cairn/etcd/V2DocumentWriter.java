package dev.cairn.etcd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the v2 document of a cluster that has just begun, byte by byte as etcd does: its members
 * were made one after the other, in the order of their ids, and each making is a change.
 */
final class V2DocumentWriter {
  /** How many events a document has room for; those that have not happened are null. */
  private static final int EVENTS = 1000;

  private static final String NODE =
      "{\"Path\":%s,\"CreatedIndex\":%d,\"ModifiedIndex\":%d,"
          + "\"ExpireTime\":\"0001-01-01T00:00:00Z\",\"Value\":%s,\"Children\":%s}";
  private static final String EVENT =
      "{\"action\":\"create\",\"node\":"
          + "{\"key\":%s,\"value\":%s,\"modifiedIndex\":%d,\"createdIndex\":%d}}";
  private static final String MEMBERS_PATH = "/0/members";

  private final List<Member> members;
  private final TargetVersion target;

  private V2DocumentWriter(List<Member> members, TargetVersion target) {
    this.members = members;
    this.target = target;
  }

  /**
   * Makes a document.
   *
   * @param members in the order of their ids, at most 1,000
   * @param target the etcd whose bytes they are to be
   * @return JSON
   */
  static byte[] write(List<Member> members, TargetVersion target) {
    return new V2DocumentWriter(members, target).document().getBytes(StandardCharsets.UTF_8);
  }

  private String document() {
    int count = members.size();
    return "{\"Root\":%s,\"WatcherHub\":%s,\"CurrentIndex\":%d,\"Stats\":%s,\"CurrentVersion\":2}"
        .formatted(root(), watcherHub(count), count, stats(count));
  }

  private String root() {
    String cluster = directory("/0", 0, child("members", directory(MEMBERS_PATH, 1, children())));
    return directory("/", 0, child("0", cluster) + "," + child("1", directory("/1", 0, "")));
  }

  /** Each at the index of the change that made it, but sorted by its name. */
  private String children() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparing(i -> members.get(i).idHex()));
    return order.stream().map(i -> member(members.get(i), i + 1)).collect(Collectors.joining(","));
  }

  private static String member(Member member, int index) {
    String leaf =
        NODE.formatted(
            GoText.json(attributesPath(member)),
            index,
            index,
            GoText.json(member.raftAttributesJson()),
            "null");
    String path = MEMBERS_PATH + "/" + member.idHex();
    return child(member.idHex(), directory(path, index, child("raftAttributes", leaf)));
  }

  private static String attributesPath(Member member) {
    return MEMBERS_PATH + "/" + member.idHex() + "/raftAttributes";
  }

  private static String child(String name, String node) {
    return "\"" + name + "\":" + node;
  }

  private static String directory(String path, int index, String children) {
    return NODE.formatted(GoText.json(path), index, index, "\"\"", "{" + children + "}");
  }

  private String watcherHub(int count) {
    StringBuilder events = new StringBuilder();
    for (int i = 0; i < EVENTS; i++) {
      events.append(i == 0 ? "" : ",").append(i < count ? event(members.get(i), i + 1) : "null");
    }
    return ("{\"EventHistory\":{\"Queue\":{\"Events\":[%s],\"Size\":%d,\"Front\":0,\"Back\":%d,"
            + "\"Capacity\":%d},\"StartIndex\":1,\"LastIndex\":%d}}")
        .formatted(events, count, count % EVENTS, EVENTS, count);
  }

  private static String event(Member member, int index) {
    return EVENT.formatted(
        GoText.json(attributesPath(member)),
        GoText.json(member.raftAttributesJson()),
        index,
        index);
  }

  /** Before it makes a member, 3.6 looks in vain for something in its new document, once. */
  private String stats(int creations) {
    int searches = target == TargetVersion.V3_6 ? 1 : 0;
    return ("{\"getsSuccess\":0,\"getsFail\":%d,\"setsSuccess\":0,\"setsFail\":0,"
            + "\"deleteSuccess\":0,\"deleteFail\":0,\"updateSuccess\":0,\"updateFail\":0,"
            + "\"createSuccess\":%d,\"createFail\":0,"
            + "\"compareAndSwapSuccess\":0,\"compareAndSwapFail\":0,"
            + "\"compareAndDeleteSuccess\":0,\"compareAndDeleteFail\":0,"
            + "\"expireCount\":0,\"watchers\":0}")
        .formatted(searches, creations);
  }
}
