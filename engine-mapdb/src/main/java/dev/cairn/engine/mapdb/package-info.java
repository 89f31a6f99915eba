/**
 * MapDB 3.1.0 as an engine of Cairn. The only public type is {@link
 * dev.cairn.engine.mapdb.MapDbEngine}.
 *
 * <h2>How it works</h2>
 *
 * <p>MapDB writes: its {@code StoreDirect} and one {@code BTreeMap} for each bucket run on a volume
 * of ours, {@link dev.cairn.engine.mapdb.StoreVolume}, which keeps what a batch changes apart, in
 * pages of 4096 bytes. A commit writes these pages as one checksummed record to the {@link
 * dev.cairn.engine.mapdb.Journal} {@code <store>.jnl}, with one sync, and makes them the next of
 * the {@link dev.cairn.engine.mapdb.Versions}. A rejected batch is dropped with MapDB's own memory
 * of it. When the journal has grown to {@code mapdb.checkpointBytes} its pages go to the main file
 * ({@link dev.cairn.engine.mapdb.PageFile}), that is synced, and the journal starts anew. The next
 * opener replays a journal that was left, in memory alone when it opens read-only; a clean close
 * leaves the main file and nothing else. {@code RELAXED} leaves out the sync of each commit; what
 * is lost is then a tail of whole batches.
 *
 * <p>The <em>reading</em> is done here, by {@link dev.cairn.engine.mapdb.Records} and {@link
 * dev.cairn.engine.mapdb.Tree}: over pinned versions, and over images in place. A view is a number
 * and costs nothing to open; nothing that it reads is MapDB's to lock or to change; and damage is
 * {@code corrupt}, where MapDB would throw anything, or not end. A page that a commit replaces is
 * kept while a pinned version needs it ({@link dev.cairn.engine.mapdb.Undo}): in the heap up to
 * {@code mapdb.undoHeapBytes}, then in {@code <store>.undo}, which means nothing to the next
 * opener.
 *
 * <p>Every page of the main file has a checksum behind it that knows the store and the place, so
 * that damage is found whenever a page is read. This makes the main file no file of MapDB; the
 * native image is one.
 *
 * <h2>Images</h2>
 *
 * <p>The native image is the file that MapDB itself would have, which {@code
 * DBMaker.fileDB(image).readOnly()} opens: the tree {@code cairn} has the buckets ({@link
 * dev.cairn.engine.mapdb.Content}), and {@link dev.cairn.engine.mapdb.Values} says how a value
 * stands in its tree. Behind it are a checksum of each page and a footer ({@link
 * dev.cairn.engine.mapdb.ImageFormat}), which MapDB does not look at. Its size is known from the
 * pinned version alone. Images of equal content differ with their histories.
 *
 * <h2>Known limits</h2>
 *
 * <ul>
 *   <li>MapDB has had no release since January 2024. Prefer another engine for what is to last.
 *   <li>MapDB's own {@code transactionEnable()} is not used: its log is never replayed, as the code
 *       that opens a store does not look at it. It is reported that a few kills by {@code kill -9}
 *       damage a file and that nothing tells so when it is opened; twelve kills here did not show
 *       it. {@code StockTransactionsTest} tries it anew when it is asked to. It has no snapshots
 *       either, and reads see what is not committed.
 *   <li>Write amplification: a put writes its tree's node anew, of up to 32 entries, and the
 *       journal takes whole pages, which then go to the main file too. Large batches share pages;
 *       small ones do not. Values over 256 bytes stand outside the nodes for this reason.
 *   <li>The pages that a batch changes are in the heap until it is committed, somewhat more than
 *       the batch has bytes; those since the last checkpoint stay there until the next.
 *   <li>A commit that makes the journal reach its bound does the checkpoint, and takes that longer.
 *   <li>Space that is freed is used again for records of the same size only, rounded up to 16
 *       bytes, and the file never shrinks; nodes that deletes have emptied stay in their tree, and
 *       are walked over. Defragmenting, which copies, mends all three.
 *   <li>Opening checks the pages that it reads, not all. A snapshot reads and checks every page.
 *   <li>{@code install} checks every byte of an image against its checksums, but an image that
 *       somebody forged, with right checksums, is found out only where it is read, or by a commit
 *       that fails as {@code corrupt}.
 * </ul>
 */
package dev.cairn.engine.mapdb;
