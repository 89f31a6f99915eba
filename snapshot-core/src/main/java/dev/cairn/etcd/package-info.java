/**
 * etcd's schema: the only code that knows what stands in etcd's buckets. It reads any {@link
 * dev.cairn.spi.ReadView}, so the same answer comes from a snapshot file and from a running store
 * of any engine.
 *
 * <p>What grows with the content is bounded: the hash of the key space and the deep check keep a
 * table of user keys of at most a third of the heap, and nothing else of an entry once it is read.
 */
package dev.cairn.etcd;
