/**
 * etcd's schema: the only code that knows what stands in etcd's buckets. It reads any {@link
 * dev.cairn.spi.ReadView}, so the same answer comes from a snapshot file and from a running store
 * of any engine.
 *
 * <p>What grows with the content is bounded: the hash of the key space and the deep check keep a
 * table of user keys of at most a third of the heap, and nothing else of an entry once it is read.
 *
 * <p>And what etcd puts into raft's files: the members of a cluster with their ids, the v2
 * document, the requests in log entries, and {@linkplain dev.cairn.etcd.BootstrapFiles the files}
 * that a restored member starts from.
 */
package dev.cairn.etcd;
