/**
 * etcd's Maintenance service over a store, and its client: a snapshot is streamed as etcd streams
 * one, so that real etcd tools fetch from us and we fetch from real etcd. Beside it the keys, for
 * reading, and gRPC's own services for health and reflection.
 *
 * <p>Shape of a stream: messages of at most 2 MiB, each {@code remaining_bytes = 2} and {@code blob
 * = 3}; {@code remaining_bytes} counts the image's bytes still to come behind this blob. The last
 * message is the 32-byte SHA-256 of all before it; nothing but its place tells it from data. Where
 * the content has a storage version, as etcd writes it from 3.6 on, each has it as {@code version =
 * 4}.
 *
 * <p>The server never sends while the transport is not ready, so what waits in memory is bounded by
 * one chunk a stream; the client asks for one message ahead of the one it works on.
 */
package dev.cairn.snapshot.grpc;
