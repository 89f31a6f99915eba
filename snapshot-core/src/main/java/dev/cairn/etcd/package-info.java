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
 *
 * <h2>A restored member beside the real tool's</h2>
 *
 * The log, the {@code .snap}, the tree and the permissions are those of {@code etcdctl} 3.4 and of
 * {@code etcdutl} 3.5 and 3.6, to the byte, for the same flags and target version; but the {@code
 * .snap} of 3.6 for several members has these in an order that differs from run to run of its tool.
 * The entries of the database are the same but for these:
 *
 * <ul>
 *   <li>{@code members} and {@code members_removed}: 3.4 leaves the old cluster's there. Here they
 *       are replaced by the new ones, as 3.5 and 3.6 do.
 *   <li>{@code key}: 3.4 deletes <i>user keys</i> that are named like an old member's id, at a
 *       revision of their own. Here no key is touched.
 *   <li>{@code meta/confState}: 3.5 and 3.6 write none. Here, for these targets, the new cluster's
 *       is written, so that the database does not lack what a server of that version keeps there.
 *   <li>the pages: an etcd image is built anew or has its entries changed on new pages, so the file
 *       has not the same length, nor free pages in the same places.
 * </ul>
 */
package dev.cairn.etcd;
