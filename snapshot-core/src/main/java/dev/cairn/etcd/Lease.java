package dev.cairn.etcd;

/**
 * A lease of a content. Immutable.
 *
 * @param id as clients know it
 * @param ttlSeconds how long it was granted for
 * @param remainingTtlSeconds what was left of it when a leader last wrote that down; 0 where none
 *     did, and then all of it is left
 * @param attachedKeys how many of the keys that live hang on it
 */
public record Lease(long id, long ttlSeconds, long remainingTtlSeconds, long attachedKeys) {}
