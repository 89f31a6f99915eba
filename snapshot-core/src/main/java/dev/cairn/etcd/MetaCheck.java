package dev.cairn.etcd;

import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;

/** Bucket {@code meta}: the applied position, compactions, the version of the schema. */
final class MetaCheck implements BucketCheck {
  static final byte[] CONF_STATE = EtcdBuckets.ascii("confState");

  private final ReadView view;
  private final CheckLog.InBucket log;
  private boolean indexed;
  private long scheduled;
  private long finished;

  MetaCheck(ReadView view, CheckLog.InBucket log) {
    this.view = view;
    this.log = log;
  }

  @Override
  public void entry(ByteBuffer key, ByteBuffer value) {
    switch (EntryText.latin(key)) {
      case "consistent_index" -> {
        indexed = true;
        number(key, value);
      }
      case "term" -> number(key, value);
      case "confState" -> {
        if (ConfStateText.members(value) == null) {
          log.found(key, "its value is no ConfState");
        }
      }
      case "storageVersion" -> {
        if (!EntryText.isVersion(value)) {
          log.found(key, EntryText.of(value) + " is no version");
        }
      }
      case "scheduledCompactRev" -> scheduled = revision(key, value);
      case "finishedCompactRev" -> finished = revision(key, value);
      default -> log.note(key, "is none of etcd's");
    }
  }

  private void number(ByteBuffer key, ByteBuffer value) {
    if (value.remaining() != Long.BYTES || value.getLong(value.position()) < 0) {
      log.found(key, "is " + EntryText.of(value) + ", not a number of 8 bytes");
    }
  }

  /** The main revision in a value, 0 when it is none. */
  private long revision(ByteBuffer key, ByteBuffer value) {
    try {
      Revision revision = Revision.decode(value);
      if (revision.main() > 0 && revision.sub() == 0 && !revision.tombstone()) {
        return revision.main();
      }
    } catch (StorageException e) {
      // Told below, with the key that it is at.
    }
    log.found(key, "is " + EntryText.of(value) + ", not the revision of a compaction");
    return 0;
  }

  @Override
  public void end() {
    if (!indexed) {
      log.found("has no consistent_index");
    }
    if (finished > scheduled) {
      log.found("compaction to " + finished + " is finished, scheduled only to " + scheduled);
    } else if (scheduled > finished) {
      log.note(
          "compaction to %d is scheduled and not finished; a server finishes it when it starts"
              .formatted(scheduled));
      if (scheduled > newest()) {
        log.found("compaction is scheduled to %d, beyond the newest revision".formatted(scheduled));
      }
    }
  }

  private long newest() {
    try {
      return EtcdView.lastRevision(view);
    } catch (StorageException e) {
      if (e.code() != StorageException.Code.CORRUPT) {
        throw e;
      }
      return Long.MAX_VALUE;
    }
  }
}
