package dev.cairn.snapshot.grpc;

/**
 * etcd's hash over all of a store but its applied position: equal on members that hold the same.
 *
 * @param crc32c the hash, an unsigned 32-bit number
 * @param revision the newest revision of the store
 */
public record StoreHash(int crc32c, long revision) {}
