package dev.cairn.snapshot;

import dev.cairn.etcd.NewCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was restored.
 *
 * @param dataDirectory the directory that was filled
 * @param database the database in it
 * @param format {@code etcd} or the engine it belongs to
 * @param cluster whose member it is; empty where the content was restored as it is
 * @param wal the directory of its WAL; empty where the content was restored as it is
 * @param sourceHash content hash v1 of the snapshot, with what a new member changes of it
 * @param restoredHash content hash v1 of the database, found by reading it, and equal
 * @param entries how many entries it has
 * @param notes what a person should know of what was changed, a sentence each
 * @param publishedEarlier whether an earlier run, cut short after its commit point, had done it
 */
public record RestoreResult(
    Path dataDirectory,
    Path database,
    String format,
    Optional<NewCluster> cluster,
    Optional<Path> wal,
    String sourceHash,
    String restoredHash,
    long entries,
    List<String> notes,
    boolean publishedEarlier) {
  /**
   * Copies the notes.
   *
   * @param dataDirectory as above
   * @param database as above
   * @param format as above
   * @param cluster as above
   * @param wal as above
   * @param sourceHash as above
   * @param restoredHash as above
   * @param entries as above
   * @param notes as above
   * @param publishedEarlier as above
   */
  public RestoreResult {
    notes = List.copyOf(notes);
  }
}
