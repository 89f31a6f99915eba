package dev.cairn.bbolt;

import java.util.List;

/**
 * What a check of a file found.
 *
 * @param findings one line each, with the place; a bounded number of them, the last of which then
 *     says how many more there are
 * @param bucketCount how many buckets were reached, at any depth
 * @param entryCount how many keys were reached, at any depth, buckets not counted
 * @param pagesReached how many pages the trees, the freelist and the metas take
 * @param pagesFree how many pages below the high water are in the freelist, or, when the file
 *     stores none, are in no tree
 */
public record BoltReport(
    List<String> findings, long bucketCount, long entryCount, long pagesReached, long pagesFree) {
  /**
   * Copies the list.
   *
   * @param findings as above
   * @param bucketCount as above
   * @param entryCount as above
   * @param pagesReached as above
   * @param pagesFree as above
   */
  public BoltReport {
    findings = List.copyOf(findings);
  }

  /**
   * Whether nothing is wrong.
   *
   * @return true when there is no finding
   */
  public boolean sound() {
    return findings.isEmpty();
  }
}
