package dev.cairn.etcd;

import java.nio.ByteBuffer;

/** Bucket {@code auth}: whether authentication is on, and its revision. */
final class AuthCheck implements BucketCheck {
  private final CheckLog.InBucket log;

  AuthCheck(CheckLog.InBucket log) {
    this.log = log;
  }

  @Override
  public void entry(ByteBuffer key, ByteBuffer value) {
    switch (EntryText.latin(key)) {
      case "authEnabled" -> {
        if (value.remaining() != 1 || (value.get(value.position()) & ~1) != 0) {
          log.found(key, "is " + EntryText.of(value) + ", not a byte of 0 or 1");
        }
      }
      case "authRevision" -> {
        if (value.remaining() != Long.BYTES || value.getLong(value.position()) < 0) {
          log.found(key, "is " + EntryText.of(value) + ", not a revision of 8 bytes");
        }
      }
      default -> log.note(key, "is none of etcd's");
    }
  }
}
