package dev.cairn.snapshot.grpc;

/** What a caller may do. */
public enum Role {
  /** Nothing: the caller is not known. */
  NONE,
  /** Make backups and look: Snapshot, Status, Hash, HashKV, the list of alarms, health. */
  BACKUP,
  /** Everything. */
  ALL
}
