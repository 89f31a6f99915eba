package dev.cairn.etcd;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a check found in one content, a line each; only the first ones of each kind are kept. */
final class CheckLog {
  static final int KEPT_MAX = 100;

  private final Lines findings = new Lines();
  private final Lines notes = new Lines();

  /** Something is wrong. */
  void found(String line) {
    findings.add(line);
  }

  /** Something is well formed, and still better known before the content is used. */
  void note(String line) {
    notes.add(line);
  }

  /** The lines about entries of one bucket. */
  InBucket in(String bucket) {
    return new InBucket(bucket);
  }

  List<String> findings() {
    return findings.all();
  }

  List<String> notes() {
    return notes.all();
  }

  /** Names bucket and key in front of each line. */
  final class InBucket {
    private final String start;

    private InBucket(String bucket) {
      start = "bucket " + bucket;
    }

    void found(ByteBuffer key, String what) {
      CheckLog.this.found(start + ", key " + EntryText.of(key) + ": " + what);
    }

    void found(String key, String what) {
      CheckLog.this.found(start + ", key " + key + ": " + what);
    }

    void found(String what) {
      CheckLog.this.found(start + ": " + what);
    }

    void note(ByteBuffer key, String what) {
      CheckLog.this.note(start + ", key " + EntryText.of(key) + ": " + what);
    }

    void note(String what) {
      CheckLog.this.note(start + ": " + what);
    }
  }

  private static final class Lines {
    private final List<String> kept = new ArrayList<>();
    private long count;

    void add(String line) {
      count++;
      if (kept.size() < KEPT_MAX) {
        kept.add(line);
      }
    }

    List<String> all() {
      List<String> lines = new ArrayList<>(kept);
      if (count > kept.size()) {
        lines.add("and " + (count - kept.size()) + " more");
      }
      return lines;
    }
  }
}
