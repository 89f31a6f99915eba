package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.TargetVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a restore as the only member of a new cluster with the default flags makes of a content:
 * said here a second time, as simply as can be.
 */
final class MemberContent {
  private static final String MEMBER_ID = "8e9e05c52164694d";
  private static final String MEMBER_JSON =
      "{\"id\":10276657743932975437,\"peerURLs\":[\"http://localhost:2380\"],\"name\":\"default\"}";
  private static final String CONF_STATE =
      "{\"voters\":[10276657743932975437],\"auto_leave\":false}";
  private static final String ONE = "\0\0\0\0\0\0\0\1";
  private static final String SCHEDULED = "scheduledCompactRev";
  private static final String FINISHED = "finishedCompactRev";

  private MemberContent() {}

  /** Fails unless a content is what has to become of another one. */
  static void check(PlainContent source, PlainContent made, TargetVersion version) {
    assertEquals(wanted(source, made, version), made);
  }

  /** The same with its revision moved on. */
  static void checkBumped(PlainContent source, PlainContent made, TargetVersion version, long by) {
    SortedMap<String, String> keys = source.bucket("key");
    long last = keys.isEmpty() ? 1 : revision(keys.lastKey());
    String finished = source.bucket("meta").get(FINISHED);
    String bumped =
        key(Math.max(1, Math.max(last, finished == null ? 0 : revision(finished))) + by);
    PlainContent wanted = wanted(source, made, version);
    wanted.bucket("meta").put(SCHEDULED, bumped);
    wanted.bucket("key").put(bumped, "");
    assertEquals(wanted, made);
  }

  private static PlainContent wanted(
      PlainContent source, PlainContent made, TargetVersion version) {
    PlainContent wanted = source.copy();
    wanted.buckets().put("members", new TreeMap<>(Map.of(MEMBER_ID, MEMBER_JSON)));
    wanted.buckets().put("members_removed", new TreeMap<>());
    meta(wanted.bucket("meta"), version);
    if (isCompacting(source)) {
      long revision = revision(source.bucket("meta").get(SCHEDULED));
      wanted.bucket("meta").put(FINISHED, key(revision));
      checkCompacted(source.bucket("key"), made.bucket("key"), revision);
      wanted.bucket("key").keySet().retainAll(made.bucket("key").keySet());
    }
    return wanted;
  }

  private static void meta(SortedMap<String, String> meta, TargetVersion version) {
    meta.put("consistent_index", ONE);
    meta.remove("term");
    meta.remove("confState");
    if (version != TargetVersion.V3_4) {
      meta.put("term", ONE);
      meta.put("confState", CONF_STATE);
    }
    if (version != TargetVersion.V3_6) {
      meta.remove("storageVersion");
    }
  }

  private static boolean isCompacting(PlainContent content) {
    SortedMap<String, String> meta = content.bucket("meta");
    String finished = meta.get(FINISHED);
    return meta.containsKey(SCHEDULED)
        && revision(meta.get(SCHEDULED)) > (finished == null ? 0 : revision(finished));
  }

  /** Nothing but changes up to its revision is gone. */
  private static void checkCompacted(
      SortedMap<String, String> before, SortedMap<String, String> after, long revision) {
    before.forEach(
        (key, value) -> {
          if (after.containsKey(key)) {
            assertEquals(value, after.get(key));
          } else {
            assertTrue(Long.compareUnsigned(revision(key), revision) <= 0, "lost " + revision(key));
          }
        });
  }

  private static long revision(String key) {
    return ByteBuffer.wrap(key.getBytes(StandardCharsets.ISO_8859_1)).getLong();
  }

  private static String key(long main) {
    byte[] key = ByteBuffer.allocate(17).putLong(main).put((byte) '_').array();
    return new String(key, StandardCharsets.ISO_8859_1);
  }
}
