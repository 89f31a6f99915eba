package dev.cairn.snapshot;

import java.util.List;

/**
 * What a deep check of a file found.
 *
 * @param findings what is wrong, a line each, bounded in number; empty when nothing is
 * @param buckets how many buckets could be read
 * @param entries how many entries could be read
 */
public record CheckReport(List<String> findings, long buckets, long entries) {
  /**
   * Copies the list.
   *
   * @param findings as above
   * @param buckets as above
   * @param entries as above
   */
  public CheckReport {
    findings = List.copyOf(findings);
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
