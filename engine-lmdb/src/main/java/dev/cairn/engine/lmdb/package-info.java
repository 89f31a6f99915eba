/**
 * LMDB as an engine of Cairn, on lmdbjava. The only public type is {@link
 * dev.cairn.engine.lmdb.LmdbEngine}.
 *
 * <h2>How it works</h2>
 *
 * <p>A store is one file, with LMDB's own lock file {@code <name>-lock} beside it. LMDB writes: a
 * batch is one write transaction, synced before its meta page, which is synced too ({@code RELAXED}
 * leaves out the second). LMDB also pins: a view or snapshot holds a read transaction, so that no
 * page of its version is used again. The <em>reading</em> is done here: {@link
 * dev.cairn.engine.lmdb.TreeCursor} walks LMDB's pages where they lie in LMDB's map, or in a file.
 * That one reader serves live stores, stores opened read-only, images, the compaction of images and
 * the check before an install. It has these reasons:
 *
 * <ul>
 *   <li>LMDB trusts its file: damaged pages crash the process. Read here they are {@code corrupt}.
 *   <li>Nothing native is left to use after a close or after the map has moved.
 *   <li>It needs none of the JVM flags that lmdbjava's buffers over native memory need, and is as
 *       fast as they are.
 *   <li>A read-only store and an image are opened without LMDB, whose own descriptor would, when it
 *       is closed, take the locks of other readers in the process away.
 * </ul>
 *
 * <p>Buckets are not LMDB's named databases themselves: those are named by C strings, and dropping
 * one pulls it away under older readers. They live in numbered slots; {@link
 * dev.cairn.engine.lmdb.CatalogKeys} draws the layout.
 *
 * <h2>Images</h2>
 *
 * <p>The native image is the file as it is, under the pinned version's meta page; where less than
 * 60 % of the file's pages are in use, it is the pages in use alone, numbered anew. Both are
 * streamed without a temporary file and with their size known first, while commits go on. The bytes
 * of free pages differ from store to store, so equal content does not mean equal native images.
 *
 * <h2>Known limits</h2>
 *
 * <ul>
 *   <li>An open view or snapshot keeps every page that commits replace; the file grows by them, and
 *       it never shrinks. Defragmenting, which copies, makes it small again. What pins keep is
 *       counted as the pages that commits have freed since the oldest pin began.
 *   <li>The map is address space, not memory. It doubles when the store outgrows it, up to {@code
 *       lmdb.mapSizeBytesMax}; beyond that a commit is rejected as {@code full}, and so may be one
 *       that only deletes, because that writes pages too.
 *   <li>At most {@code lmdb.maxReaders} views and snapshots are open at once.
 *   <li>One store is open once: this engine refuses a second opener, in this process and in others.
 *       A program that uses LMDB itself does not ask for that lock; keep it away.
 *   <li>Nobody may open and close the lock file in the process that has the store open: the system
 *       would drop LMDB's locks. It is left in place when the store is closed.
 *   <li>Opening checks the meta pages, the catalog, and every page where the file is shorter than
 *       its meta page says; not every page always, which would read the whole file. A page that was
 *       damaged on the disk is {@code corrupt} when it is read, but a commit that touches it is
 *       LMDB's to do, and may end the process. {@code install} checks all of an image first.
 *   <li>Little-endian 64-bit systems only, as LMDB's file follows the machine. A store of another
 *       page size than the machine's is read and written as it is.
 *   <li>lmdbjava unpacks LMDB into the directory for temporary files, and a process that is killed
 *       leaves it there.
 * </ul>
 */
package dev.cairn.engine.lmdb;
