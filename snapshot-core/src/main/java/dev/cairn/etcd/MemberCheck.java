package dev.cairn.etcd;

import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bucket {@code members}: the key is the id in lower-case hex without leading zeros, the value a
 * JSON object.
 *
 * <pre>
 * {"id":10276657743932975437,"peerURLs":["http://.."],"isLearner":true,"name":"..","clientURLs":["http://.."]}
 * </pre>
 *
 * <p>A snapshot names the members of its cluster, so members alone are nothing to say. Those that a
 * cluster does not have any more are: they come back to life where the content is served as it is.
 */
final class MemberCheck implements BucketCheck {
  private final ReadView view;
  private final CheckLog.InBucket log;

  /** The ids that take part in the log, as unsigned decimal numbers; null where nothing tells. */
  private final Set<String> configured;

  MemberCheck(ReadView view, CheckLog.InBucket log) {
    this.view = view;
    this.log = log;
    byte[] confState = EtcdBuckets.get(view, EtcdBuckets.META, MetaCheck.CONF_STATE);
    configured = confState == null ? null : ConfStateText.members(ByteBuffer.wrap(confState));
  }

  @Override
  public void entry(ByteBuffer key, ByteBuffer value) {
    String id = EntryText.latin(key);
    if (!isId(id)) {
      log.found(key, "is no member id");
      return;
    }
    Map<String, Object> member = JsonReader.objectOrNull(value);
    String problem = member == null ? "its value is no JSON object" : problem(id, member);
    if (problem != null) {
      log.found(key, problem);
      return;
    }
    byte[] name = EtcdBuckets.ascii(id);
    if (EtcdBuckets.get(view, EtcdBuckets.MEMBERS_REMOVED, name) != null) {
      log.note(key, "is a zombie: removed from the cluster and still among its members");
    } else if (configured != null && !configured.contains(decimal(id))) {
      log.note(
          key, "is a zombie: a member without part in the raft configuration (meta/confState)");
    }
  }

  static boolean isId(String text) {
    return text.matches("[1-9a-f][0-9a-f]{0,15}");
  }

  private static String decimal(String id) {
    return Long.toUnsignedString(Long.parseUnsignedLong(id, 16));
  }

  private static String problem(String id, Map<String, Object> member) {
    if (!(member.get("id") instanceof JsonReader.Digits digits)
        || !digits.text().equals(decimal(id))) {
      return "is the member of another id";
    }
    if (!areTexts(member.get("peerURLs"))) {
      return "has no list of peerURLs";
    }
    if (member.containsKey("clientURLs") && !areTexts(member.get("clientURLs"))) {
      return "its clientURLs are no list of texts";
    }
    if (!(member.getOrDefault("name", "") instanceof String)
        || !(member.getOrDefault("isLearner", false) instanceof Boolean)) {
      return "its name is no text, or its isLearner neither true nor false";
    }
    return null;
  }

  private static boolean areTexts(Object value) {
    return value instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(each -> each instanceof String);
  }
}
