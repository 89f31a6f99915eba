/**
 * What an application embeds: policy, once, over any backend.
 *
 * <p>A {@link dev.cairn.store.Store} adds to an engine's three powers: group commit, reads that see
 * pending writes, an applied position that is sealed with its data, a content hash, compaction by
 * copy, and the replacing of a store's file under running readers. It knows no bucket name.
 *
 * <p>How it hangs together: an update writes into a {@code Staging} of its own, which joins the
 * {@code active} {@code Overlay} when the update function returns. A commit seals {@code active},
 * gives it to the backend as one batch, and then drops it. The state is one immutable value, {@code
 * State}: the backend's version, what is sealed, what is active. A view is that value with a
 * backend view of its version beneath.
 */
package dev.cairn.store;
