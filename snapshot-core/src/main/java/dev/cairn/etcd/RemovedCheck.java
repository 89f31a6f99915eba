package dev.cairn.etcd;

import java.nio.ByteBuffer;

/** Bucket {@code members_removed}: ids as in {@code members}, each with the text "removed". */
final class RemovedCheck implements BucketCheck {
  private final CheckLog.InBucket log;

  RemovedCheck(CheckLog.InBucket log) {
    this.log = log;
  }

  @Override
  public void entry(ByteBuffer key, ByteBuffer value) {
    if (!MemberCheck.isId(EntryText.latin(key))) {
      log.found(key, "is no member id");
    }
    if (!EntryText.latin(value).equals("removed")) {
      log.found(key, "is " + EntryText.of(value) + ", not \"removed\"");
    }
  }
}
