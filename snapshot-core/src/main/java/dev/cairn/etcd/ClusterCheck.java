package dev.cairn.etcd;

import java.nio.ByteBuffer;

/** Bucket {@code cluster}: the version that the members agreed on, and a downgrade under way. */
final class ClusterCheck implements BucketCheck {
  private final CheckLog.InBucket log;

  ClusterCheck(CheckLog.InBucket log) {
    this.log = log;
  }

  @Override
  public void entry(ByteBuffer key, ByteBuffer value) {
    switch (EntryText.latin(key)) {
      case "clusterVersion" -> {
        if (!EntryText.isVersion(value)) {
          log.found(key, EntryText.of(value) + " is no version");
        }
      }
      case "downgrade" -> {
        if (JsonReader.objectOrNull(value) == null) {
          log.found(key, "its value is no JSON object");
        }
      }
      default -> log.note(key, "is none of etcd's");
    }
  }
}
