package dev.cairn.spi;

/**
 * Figures of an open backend at one moment.
 *
 * @param storeId the identity that the store got when it was made; kept by a reopen, never part of
 *     a content hash
 * @param fileBytes length of the store's main file, and of sidecars where content lies in them
 * @param liveBytes how much of it the newest version uses, as well as the engine can tell
 * @param pinnedBytes what open views and snapshots keep from being reused, file or heap
 * @param pinsOpen open views and snapshots
 * @param oldestPinMillis age of the oldest of them, 0 when there is none
 * @param pinsRevoked how many were revoked since the store was opened
 * @param commits how many batches were committed since the store was opened
 */
public record BackendStats(
    String storeId,
    long fileBytes,
    long liveBytes,
    long pinnedBytes,
    int pinsOpen,
    long oldestPinMillis,
    long pinsRevoked,
    long commits) {}
