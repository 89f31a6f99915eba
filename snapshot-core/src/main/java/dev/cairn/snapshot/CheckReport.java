package dev.cairn.snapshot;

import java.util.List;

/**
 * What a deep check of a file found.
 *
 * @param findings what is wrong, a line each, bounded in number; empty when nothing is
 * @param notes what is in order and should still be known before the file is used, a line each,
 *     bounded in number: active alarms, removed members, a compaction under way, what was not
 *     checked
 * @param buckets how many buckets could be read
 * @param entries how many entries could be read
 */
public record CheckReport(List<String> findings, List<String> notes, long buckets, long entries) {
  /**
   * Copies the lists.
   *
   * @param findings as above
   * @param notes as above
   * @param buckets as above
   * @param entries as above
   */
  public CheckReport {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  /**
   * Whether nothing is wrong.
   *
   * @return true without findings
   */
  public boolean ok() {
    return findings.isEmpty();
  }
}
