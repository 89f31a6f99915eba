/**
 * The contract between Cairn and a storage engine.
 *
 * <p>An <b>engine</b> is a technology (LMDB, H2 ...), found by {@link java.util.ServiceLoader}; a
 * <b>backend</b> is one open store of an engine; a <b>view</b> and a <b>snapshot</b> are pinned
 * instants of a backend; an <b>image</b> is the bytes that a snapshot streams.
 *
 * <p>An engine gives three powers and nothing else: apply one {@link dev.cairn.spi.Batch}
 * atomically and durably, hold a stable {@link dev.cairn.spi.ReadView}, stream its own image of one
 * instant. Group commit, overlays, hashing, etcd's schema and restore are written once, above.
 *
 * <p>Sentences with <em>must</em> bind implementers and are tested by the contract suite of {@code
 * cairn-spi-testkit}. All byte strings are compared as unsigned bytes, shorter first on a tie.
 * Every failure of a store is a {@link dev.cairn.spi.StorageException}; a {@code null} argument is
 * a {@link NullPointerException}. The module needs nothing but {@code java.base}.
 */
package dev.cairn.spi;
