package dev.cairn.wal;

/** What an entry of the log is. Stands in the order of the numbers that encode it. */
public enum EntryType {
  /** A request to the state machine; without data, a new leader's first entry. */
  NORMAL,
  /** A {@link ConfChange} of one member. */
  CONF_CHANGE,
  /** A {@link ConfChange} of any number of members. */
  CONF_CHANGE_V2
}
