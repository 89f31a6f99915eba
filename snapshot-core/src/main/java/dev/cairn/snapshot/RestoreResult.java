package dev.cairn.snapshot;

import java.nio.file.Path;

/**
 * What was restored.
 *
 * @param dataDirectory the directory that was filled
 * @param database the database in it
 * @param format {@code etcd} or the engine it belongs to
 * @param sourceHash content hash v1 of the snapshot
 * @param restoredHash content hash v1 of the database, found by reading it, and equal
 * @param entries how many entries it has
 * @param publishedEarlier whether an earlier run, cut short after its commit point, had done it
 */
public record RestoreResult(
    Path dataDirectory,
    Path database,
    String format,
    String sourceHash,
    String restoredHash,
    long entries,
    boolean publishedEarlier) {}
