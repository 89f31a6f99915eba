package dev.cairn.etcd;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * A downgrade that a cluster is in: entry {@code downgrade} of bucket {@code cluster}.
 *
 * @param targetVersion such as {@code 3.5.0}; empty where there is none
 * @param enabled whether it goes on
 */
public record EtcdDowngrade(String targetVersion, boolean enabled) {
  static Optional<EtcdDowngrade> decode(byte[] json) {
    Map<String, Object> fields = JsonReader.objectOrNull(ByteBuffer.wrap(json));
    if (fields == null) {
      return Optional.empty();
    }
    String target = fields.get("target-version") instanceof String text ? text : "";
    return Optional.of(new EtcdDowngrade(target, Boolean.TRUE.equals(fields.get("enabled"))));
  }
}
