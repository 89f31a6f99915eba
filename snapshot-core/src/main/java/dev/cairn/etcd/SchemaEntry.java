package dev.cairn.etcd;

import dev.cairn.spi.Bucket;

/**
 * An entry of one of etcd's buckets.
 *
 * @param bucket which
 * @param key belongs to the entry, not to be changed
 * @param value belongs to the entry, not to be changed
 */
public record SchemaEntry(Bucket bucket, byte[] key, byte[] value) {
  static SchemaEntry of(Bucket bucket, String key, byte[] value) {
    return new SchemaEntry(bucket, EtcdBuckets.ascii(key), value);
  }
}
