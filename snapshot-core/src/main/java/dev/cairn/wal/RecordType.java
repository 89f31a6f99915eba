package dev.cairn.wal;

import java.util.Locale;

/** What a record of the log is. Stands in the order of the numbers that encode it. */
public enum RecordType {
  /** A number that no version of etcd writes. */
  UNKNOWN,
  /** Whose log it is. */
  METADATA,
  /** An entry. */
  ENTRY,
  /** The hard state. */
  STATE,
  /** The CRC with which the segment before ended. */
  CRC,
  /** That a snapshot was written. */
  SNAPSHOT;

  private static final RecordType[] TYPES = values();

  static RecordType of(long number) {
    return number > 0 && number < TYPES.length ? TYPES[(int) number] : UNKNOWN;
  }

  /**
   * The name as it is printed.
   *
   * @return lower case
   */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
