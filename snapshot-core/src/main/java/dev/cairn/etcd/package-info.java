/**
 * etcd's schema: the only code that knows what stands in etcd's buckets. It reads any {@link
 * dev.cairn.spi.ReadView}, so the same answer comes from a snapshot file and from a running store
 * of any engine.
 */
package dev.cairn.etcd;
