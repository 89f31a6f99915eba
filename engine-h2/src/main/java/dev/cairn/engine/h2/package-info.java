/**
 * This is MVStore, the storage engine beneath the H2 database, and not a database connection: no
 * SQL, no JDBC. The only public type is {@link dev.cairn.engine.h2.H2Engine}.
 *
 * <h2>How it works</h2>
 *
 * <p>A store is one file. MVStore never changes a page: a commit appends a <em>chunk</em> with the
 * pages that changed, and a map for each bucket points to its root. MVStore is used for that, for
 * the maps and for what is dead; it does no I/O of its own. Below it stands {@link
 * dev.cairn.engine.h2.DiskStore}, on the same {@link dev.cairn.io.Disk} as everything else, because
 * of what MVStore's own file layer does not promise:
 *
 * <ul>
 *   <li><b>Atomic.</b> MVStore looks for the newest chunk by its header and footer, and no checksum
 *       covers what is between, so a power cut may leave half a commit that looks whole. Here the
 *       file's header is the commit point: {@link dev.cairn.engine.h2.FileHeader} names one chunk
 *       and its CRC32C, and is written to the two header blocks in turn. Where the newest copy or
 *       its chunk is torn, the copy before it is the store. Nothing is searched for, and nothing is
 *       recovered by guessing. MVStore's own committing, by size or by time, is off.
 *   <li><b>Durable.</b> The chunk and the header that vouches for it go out with one fdatasync; a
 *       batch that makes several chunks has one more before its last. Opening syncs too, as a
 *       killed process may have left its last commit in the page cache alone. A failed sync poisons
 *       the store and is not tried again.
 *   <li><b>Relaxed.</b> With {@code RELAXED} the header names each commit without a sync, beside
 *       the one that was last made durable, which is not written over. It says from which version
 *       on nothing was synced; opening checks every chunk since then by its {@link
 *       dev.cairn.engine.h2.ChunkSeal}, and where one is torn the durable commit is the store. No
 *       space is given out meanwhile, so more than {@code h2.slackBytes} and what lives are synced
 *       unasked.
 *   <li><b>Retention.</b> By default MVStore keeps the space of a dead chunk for 45 seconds, in the
 *       hope that the disk has caught up by then. Here space is given out again when the chunk has
 *       been unused for five versions, nothing pinned needs it, and the version that dropped it is
 *       durable. So retention is never zero, and it does not hang on a clock. A store that is
 *       opened for a commit at a time gives it out in the same way.
 *   <li><b>Interrupts, locks, images.</b> The file is not read through a {@code FileChannel}, which
 *       an interrupt closes, and its lock with it. A second opener is refused as on every engine.
 *       An image is read where it lies, and what lies behind it is not looked at.
 * </ul>
 *
 * <p>H2's way to the same end would be the prefix {@code async:} before the file's name, which does
 * withstand interrupts. Measured side by side, 200 synced commits of 500 random puts of 116 bytes
 * (JDK 17, the second run in one JVM, a busy machine with two cores), it took 1.8 s, H2's default
 * layer 1.6 s and this one 2.2 s, with a sixth of their file (36 against 220 and 230 MB); gets and
 * scans took the same. That is near enough, and this one can be cut, failed and filled by the
 * simulated disk.
 *
 * <h2>Views and images</h2>
 *
 * <p>A view is a set of root pages and a version that MVStore is told to keep. {@link
 * dev.cairn.engine.h2.TreeCursor} walks the pages itself and believes none of them.
 *
 * <p>The native image is the file as it is, from its start to the end of its last chunk, with both
 * headers naming the pinned version. While any snapshot is open no free space is given out, no page
 * is moved and the file is not cut, so what is streamed does not change under it; only a commit
 * that was under way already may still write where nothing of the version is. Equal content does
 * not mean equal images.
 *
 * <h2>Known limits</h2>
 *
 * <ul>
 *   <li>MVStore bloats under small commits: each one writes the changed pages whole, the paths to
 *       them and a part of its own books, 45 KB for five small puts into 4 MB. Few large batches
 *       are far cheaper than many small ones. Each commit moves up to {@code h2.compactBytesMax}
 *       bytes of live pages out of mostly dead chunks while those chunks in which anything lives
 *       take more than twice what lives and {@code h2.slackBytes}; with holes between chunks the
 *       file then stays near three times its content (14 MB for 4.5 MB after 30,000 such commits).
 *       Defragmenting, which copies, makes it small again.
 *   <li>An open view or snapshot keeps every chunk that holds a page it may need, and no chunk is
 *       freed by parts; while a snapshot is open the file grows by every commit. What pins keep is
 *       counted as the pages that commits have replaced since the oldest pin was made. The space is
 *       used again when the pin is closed.
 *   <li>MVStore checksums no page. {@link dev.cairn.engine.h2.ChunkSeal} checksums each chunk, and
 *       a store opened to read only, an image and {@code install} check a chunk before anything is
 *       read of it. So does opening to write for the chunks that hold MVStore's books; not for the
 *       others, as a single get would have to read all of a chunk: there a damaged page is found
 *       where it breaks the structure or the order of the keys, and not where it changes a value.
 *   <li>Opening reads the newest chunk, MVStore's books, and the head and foot of every live chunk,
 *       so it takes longer with the number of chunks.
 *   <li>A large value lies in one page with its neighbours' small ones, and is written again when
 *       one of them changes. A batch is held in the heap by {@code h2.unsavedBytesMax} beside what
 *       its caller holds.
 *   <li>MVStore cannot take back a commit that has failed. So a commit is rejected as {@code full}
 *       where the disk has less room than twice the batch and a mebibyte; one that runs out of
 *       space after all poisons the store, which is whole when opened anew.
 *   <li>H2 itself can open a store, and see the buckets as maps; once it has written to one, that
 *       is refused or is what it was at the last commit made here.
 *   <li>H2 stays at 2.4.240: of 2.5.25x there is an open report that a store cannot be opened again
 *       ("Double mark") after a clean shutdown with a short retention, and of larger files.
 * </ul>
 */
package dev.cairn.engine.h2;
