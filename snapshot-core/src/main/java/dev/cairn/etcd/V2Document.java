package dev.cairn.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.etcd.JsonReader.NoJsonException;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The document of etcd 2 in a {@code .snap} file: in etcd 3 it holds nothing but the membership.
 *
 * <pre>
 * /0/members/ID/raftAttributes    {"peerURLs":[...]}, and whether it is a learner
 * /0/members/ID/attributes        {"name":"...","clientURLs":[...]}
 * /0/removed_members/ID           empty
 * /0/version                      such as 3.4.0
 * /1                              keys of the API of etcd 2
 * </pre>
 *
 * @param index how many changes it has seen
 * @param members in the order of their ids
 * @param removed ids of members that are gone
 * @param clusterVersion that the members agreed on
 */
public record V2Document(
    long index, List<Member> members, List<Long> removed, Optional<String> clusterVersion) {
  private static final String CHILDREN = "Children";

  /**
   * Copies the lists.
   *
   * @param index how many changes it has seen
   * @param members in the order of their ids
   * @param removed ids of members that are gone
   * @param clusterVersion that the members agreed on
   */
  public V2Document {
    members = List.copyOf(members);
    removed = List.copyOf(removed);
  }

  /**
   * Reads a document.
   *
   * @param json the data of a raft snapshot; not changed
   * @return what it says of the membership
   * @throws StorageException {@code corrupt} for what is no such document
   */
  public static V2Document read(byte[] json) {
    JsonTree tree = tree(json);
    if (!tree.at("Root", CHILDREN).isObject()) {
      throw damaged();
    }
    JsonTree cluster = tree.at("Root", CHILDREN, "0", CHILDREN);
    return new V2Document(
        tree.at("CurrentIndex").unsigned().orElseThrow(V2Document::damaged),
        members(cluster.at("members", CHILDREN)),
        ids(cluster.at("removed_members", CHILDREN)),
        Optional.of(cluster.at("version", "Value").text()).filter(text -> !text.isEmpty()));
  }

  /**
   * Refuses a document that holds more than the membership and the version of the cluster: there
   * would be nothing to keep the rest in.
   *
   * @param json the data of a raft snapshot; not changed
   * @throws StorageException {@code unsupported}, naming the first other key; {@code corrupt} for
   *     what is no such document
   */
  public static void checkOnlyMembership(byte[] json) {
    JsonTree root = tree(json).at("Root", CHILDREN);
    if (!root.isObject()) {
      throw damaged();
    }
    checkNames(root, "", Set.of("0", "1"));
    checkNames(root.at("1", CHILDREN), "/1", Set.of());
    JsonTree cluster = root.at("0", CHILDREN);
    checkNames(cluster, "/0", Set.of("members", "removed_members", "version"));
    JsonTree members = cluster.at("members", CHILDREN);
    for (String id : members.names()) {
      String path = "/0/members/" + id;
      checkNames(members.at(id, CHILDREN), path, Set.of("raftAttributes", "attributes"));
    }
  }

  private static void checkNames(JsonTree directory, String path, Set<String> known) {
    for (String name : directory.names()) {
      if (!known.contains(name)) {
        String key = EntryText.of(ByteBuffer.wrap((path + "/" + name).getBytes(UTF_8)));
        throw StorageException.of(
            Code.UNSUPPORTED,
            "the v2 document holds %s, which is no part of the membership; remove etcd 2's keys"
                .formatted(key));
      }
    }
  }

  private static JsonTree tree(byte[] json) {
    try {
      return new JsonTree(JsonReader.read(new String(json, UTF_8)));
    } catch (NoJsonException e) {
      throw damaged();
    }
  }

  private static List<Member> members(JsonTree directory) {
    List<Member> members = new ArrayList<>();
    for (String name : directory.names()) {
      JsonTree raft = embedded(directory.at(name, CHILDREN, "raftAttributes"));
      JsonTree attributes = embedded(directory.at(name, CHILDREN, "attributes"));
      members.add(
          new Member(
              id(name),
              attributes.at("name").text(),
              raft.at("peerURLs").texts(),
              attributes.at("clientURLs").texts(),
              raft.at("isLearner").isTrue()));
    }
    members.sort(Comparator.comparing(Member::id, Long::compareUnsigned));
    return members;
  }

  /** A value that is JSON itself. */
  private static JsonTree embedded(JsonTree leaf) {
    return JsonTree.readOrNothing(leaf.at("Value").text());
  }

  private static List<Long> ids(JsonTree directory) {
    return directory.names().stream().map(V2Document::id).toList();
  }

  private static long id(String hex) {
    try {
      return Long.parseUnsignedLong(hex, 16);
    } catch (NumberFormatException e) {
      throw damaged();
    }
  }

  private static StorageException damaged() {
    return StorageException.of(Code.CORRUPT, "the bytes are no v2 document of a raft snapshot");
  }
}
