package dev.cairn.store;

import dev.cairn.spi.BackendStats;

/**
 * Figures of an open store at one moment.
 *
 * @param engine the engine's name
 * @param backend the backend's own figures
 * @param pendingOperations writes that no commit has carried yet
 * @param pendingBytes bytes of keys and values of these
 * @param updates how many updates wrote something since the store was opened
 * @param commits how many engine commits carried them; less, where updates shared one
 * @param retiredFiles replaced files that readers still hold open
 * @param applied the applied position that readers see
 * @param durableApplied the applied position that a crash cannot take back
 */
public record StoreStats(
    String engine,
    BackendStats backend,
    long pendingOperations,
    long pendingBytes,
    long updates,
    long commits,
    int retiredFiles,
    Applied applied,
    Applied durableApplied) {}
