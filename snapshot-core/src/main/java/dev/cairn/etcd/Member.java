package dev.cairn.etcd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * A member of an etcd cluster. Immutable.
 *
 * @param id unsigned, never 0
 * @param name what it calls itself; empty before it has said so
 * @param peerUrls where it listens to the other members, sorted
 * @param clientUrls where it listens to clients; empty before it has said so
 * @param learner whether it has no vote
 */
public record Member(
    long id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {
  /**
   * Copies the lists.
   *
   * @param id unsigned
   * @param name what it calls itself
   * @param peerUrls where it listens to the other members
   * @param clientUrls where it listens to clients
   * @param learner whether it has no vote
   */
  public Member {
    peerUrls = List.copyOf(peerUrls);
    clientUrls = List.copyOf(clientUrls);
  }

  /** A member of a new cluster, whose id follows from its URLs and the cluster's token. */
  static Member ofNewCluster(String name, List<String> sortedPeerUrls, String token) {
    byte[] text = (String.join("", sortedPeerUrls) + token).getBytes(StandardCharsets.UTF_8);
    return new Member(id(text), name, sortedPeerUrls, List.of(), false);
  }

  /**
   * Reads what stands in bucket {@code members}, and in the context of a change that adds a member.
   *
   * @param json not changed
   * @return empty for anything else
   */
  public static Optional<Member> read(byte[] json) {
    JsonTree tree = JsonTree.readOrNothing(new String(json, StandardCharsets.UTF_8));
    return tree.at("id")
        .unsigned()
        .map(
            id ->
                new Member(
                    id,
                    tree.at("name").text(),
                    tree.at("peerURLs").texts(),
                    tree.at("clientURLs").texts(),
                    tree.at("isLearner").isTrue()));
  }

  /** An id as etcd makes them: the first 8 bytes of a SHA-1. */
  static long id(byte[] text) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(text)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /**
   * The id as etcd prints it and names entries by it.
   *
   * @return lower-case hex without leading zeros
   */
  public String idHex() {
    return Long.toHexString(id);
  }

  /** The value of an entry of bucket {@code members}, and the context of a change that adds it. */
  String json() {
    StringBuilder json = new StringBuilder("{\"id\":").append(Long.toUnsignedString(id));
    json.append(',').append(raftAttributes());
    if (!name.isEmpty()) {
      json.append(",\"name\":").append(GoText.json(name));
    }
    if (!clientUrls.isEmpty()) {
      json.append(",\"clientURLs\":").append(GoText.json(clientUrls));
    }
    return json.append('}').toString();
  }

  /** What the v2 document has of it from the beginning. */
  String raftAttributesJson() {
    return "{" + raftAttributes() + "}";
  }

  /** What the v2 document has of it since it said so. */
  String attributesJson() {
    String name = this.name.isEmpty() ? "" : "\"name\":" + GoText.json(this.name);
    String urls = clientUrls.isEmpty() ? "" : "\"clientURLs\":" + GoText.json(clientUrls);
    return "{" + name + (name.isEmpty() || urls.isEmpty() ? "" : ",") + urls + "}";
  }

  private String raftAttributes() {
    return "\"peerURLs\":" + GoText.json(peerUrls) + (learner ? ",\"isLearner\":true" : "");
  }
}
