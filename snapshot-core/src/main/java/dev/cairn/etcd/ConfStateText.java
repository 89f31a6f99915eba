package dev.cairn.etcd;

import dev.cairn.wal.ConfState;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The value of {@code meta/confState}, from etcd 3.5 on: the JSON of a raftpb.ConfState.
 *
 * <pre>
 * {"voters":[1,2],"learners":[3],"voters_outgoing":[..],"learners_next":[..],"auto_leave":false}
 * </pre>
 */
final class ConfStateText {
  private static final List<String> LISTS =
      List.of("voters", "learners", "voters_outgoing", "learners_next");
  private static final String AUTO_LEAVE = "auto_leave";

  private ConfStateText() {}

  /** As etcd writes it. */
  static String json(ConfState state) {
    return "{%s%s%s%s\"auto_leave\":%s}"
        .formatted(
            list(0, state.voters()),
            list(1, state.learners()),
            list(2, state.votersOutgoing()),
            list(3, state.learnersNext()),
            state.autoLeave());
  }

  private static String list(int list, List<Long> ids) {
    return ids.isEmpty()
        ? ""
        : ids.stream()
            .map(Long::toUnsignedString)
            .collect(Collectors.joining(",", "\"" + LISTS.get(list) + "\":[", "],"));
  }

  /** Every id that it names, as unsigned decimal numbers; null on anything else. */
  static Set<String> members(ByteBuffer value) {
    Map<String, Object> json = JsonReader.objectOrNull(value);
    if (json == null || !(json.get(AUTO_LEAVE) instanceof Boolean)) {
      return null;
    }
    Set<String> ids = new HashSet<>();
    for (Map.Entry<String, Object> each : json.entrySet()) {
      boolean ok =
          each.getKey().equals(AUTO_LEAVE)
              || (LISTS.contains(each.getKey()) && addIds(each.getValue(), ids));
      if (!ok) {
        return null;
      }
    }
    return ids;
  }

  private static boolean addIds(Object list, Set<String> ids) {
    if (!(list instanceof List<?> values)) {
      return false;
    }
    for (Object each : values) {
      if (!(each instanceof JsonReader.Digits digits) || !digits.isUnsignedLong()) {
        return false;
      }
      ids.add(digits.text());
    }
    return true;
  }
}
