/**
 * bbolt's file format as an engine of Cairn, in pure Java. The only public type is {@link
 * dev.cairn.engine.bbolt.BboltEngine}; the format is drawn in {@code dev.cairn.bbolt}.
 *
 * <h2>How it works</h2>
 *
 * <p>A store is one file, and nothing beside it. It is what bbolt and etcd read and write: files of
 * theirs are opened and written on, in the page size and with or without a stored freelist as they
 * are, and they go on with what this engine leaves.
 *
 * <p>A commit goes once through the sorted changes of each bucket ({@link
 * dev.cairn.engine.bbolt.TreeWriter}), makes new nodes of what it touches and nothing else, and
 * writes them into pages that no version uses. Then it syncs, writes the meta page that the newest
 * version is <em>not</em> in, and syncs again. Whatever is cut off in between, the newest version
 * stands as it was. {@code RELAXED} leaves out the second sync, and then keeps the pages of the
 * last version that is surely on the disk from being used again too. Where the newest meta is not
 * in the page that its number leads to, as in every copy that bbolt made, a transaction number is
 * left out, so that the only good meta is never written over.
 *
 * <p>What is put behind the end of a bucket is packed; anything else is split in equal parts. Nodes
 * that shrink below a quarter of a page are joined with a neighbour. A bucket of one leaf of at
 * most a quarter of a page is inline, as bbolt has it. The file grows by doubling up to 16 MiB, and
 * then in steps of 16 MiB; it is never cut.
 *
 * <h2>Reads: positional, not mapped</h2>
 *
 * <p>Pages are read with positional reads, checked once, and kept as arrays in a cache that all
 * views share ({@link dev.cairn.engine.bbolt.PageCache}, {@code bbolt.cacheBytes}). Measured on JDK
 * 17 and Linux with the file in the system's memory: a search in a page takes 0.10 microseconds in
 * an array and 0.11 in a map, so what is in the cache is read as fast as a map. What is not costs
 * 1.9 microseconds for a read of 4096 bytes, and 0.6 as a copy out of a map. That price was
 * accepted for these reasons: a mapped file that is cut from outside ends in a fault of the
 * process; Java can neither unmap at a time of its choosing nor map more than 2 GiB in one buffer;
 * bytes that were checked cannot change any more; a page on the heap cannot dangle when a view is
 * closed; and all bytes pass {@code io.Disk}, so that power cuts can be simulated.
 *
 * <p>What a read from the cache costs is waiting for memory, so few lines of it are touched: each
 * page has a slot of its own while the file is shorter than the table, and a page that is searched
 * again gets the first bytes of its keys side by side ({@link dev.cairn.engine.bbolt.KeyHeads}),
 * which cost 8 bytes a key and count as the cache's.
 *
 * <h2>Identity</h2>
 *
 * <p>bbolt has no reserved place. The identity stands behind the meta in each of the two meta pages
 * ({@link dev.cairn.engine.bbolt.MetaTail}), where bbolt never looks; images do not carry it. When
 * bbolt or etcd commits, it writes zeros there: after two of its commits the identity is gone, and
 * a store that has none gets a fresh one with each opening until the first commit, which writes it.
 * So every bbolt file is opened, and none is changed by opening it.
 *
 * <p>The tail also says who wrote the newest version. Where that was not Cairn, opening goes
 * through all branches and leaves once: a bucket within a bucket is {@code unsupported} and named,
 * a page used twice or both used and free is {@code corrupt}. So does {@code install}, and every
 * opening of a file without a freelist, which has to find the free pages anyway.
 *
 * <h2>Locks</h2>
 *
 * <p>The engine takes a lock of its own, which every opener through Cairn respects. bbolt and etcd
 * take a flock, which Java can neither take nor see; on Linux the engine looks for one in {@code
 * /proc/locks} and refuses to open while another process holds it: to write, whatever kind it is,
 * to read, an exclusive one. The lists name a file by device and inode; where a file system shows
 * another device there than to programs (btrfs, overlays), over the network, and on other systems,
 * a running etcd is <em>not</em> noticed. The other way round etcd never sees this engine's lock:
 * do not start etcd on a file that is open here. A child process that held a flock on our behalf
 * was left out, because the flock would outlive us or end before us with that child.
 *
 * <h2>Images</h2>
 *
 * <p>The native image is bbolt's hot copy: both metas of the pinned version, then every page up to
 * its high water as it is, free ones included. It is streamed without a temporary file while
 * commits go on. The bytes of free pages differ from store to store, so equal content does not mean
 * equal native images.
 *
 * <h2>Known limits</h2>
 *
 * <ul>
 *   <li>An open view or snapshot keeps the pages of its version that commits replace; the file
 *       grows by them and never shrinks. Defragmenting, which copies, makes it small again. While
 *       one is open, it is remembered who made which page: about 8 bytes of heap for each.
 *   <li>Sequences of buckets are kept, but no view shows them: who copies a store by its views
 *       loses them. A bucket that a batch clears or drops and makes again starts with 0, as in
 *       bbolt.
 *   <li>Buckets within buckets, and keys beside the top-level buckets, are {@code unsupported}.
 *   <li>All names of buckets are kept in memory. A batch makes at most 1,024 of them; a file that
 *       has more is opened.
 *   <li>A file has at most 2^31 pages, 8 TiB of pages of 4096 bytes. A value of more than 2 GiB is
 *       not read.
 *   <li>With a stored freelist each commit writes the whole list: 8 bytes for each free page.
 *       {@code -O bbolt.freelist=scanned} writes none, and opening then reads all pages, as in
 *       etcd.
 *   <li>Opening a store that Cairn wrote last checks metas, freelist and the top level, not every
 *       page. A page that was damaged on the disk is {@code corrupt} when it is read; a commit that
 *       comes to it fails, and the backend is to be opened anew.
 *   <li>bbolt keeps no checksums of pages: a flipped bit in a key or value is not noticed.
 *   <li>Little-endian files only. bbolt 1.3.6 assumes the system's page size when the first meta is
 *       damaged; this engine finds the other one.
 * </ul>
 */
package dev.cairn.engine.bbolt;
