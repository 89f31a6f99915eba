/**
 * bbolt's file format: a reader of any file, a checker, and a builder of deterministic images.
 *
 * <pre>
 * file    = page 0 (meta) page 1 (meta) page*          page n stands at n * page size; little-endian
 * page    = id u64, flags u16, count u16, overflow u32, body
 *           overflow: how many further pages the same body goes on over; they have no header
 * meta    = magic u32, version u32, page size u32, flags u32, root page u64, sequence u64,
 *           freelist page u64, high water u64, txid u64, FNV-1a 64 of the 56 bytes before
 * leaf    = count * (flags u32, pos u32, key bytes u32, value bytes u32), then keys and values
 * branch  = count * (pos u32, key bytes u32, child page u64), then keys
 *           pos counts from the start of its own element
 * bucket  = root page u64, sequence u64 [, a whole leaf page when the root page is 0: inline]
 *           stands as the value of a leaf element with flag 1
 * </pre>
 *
 * The newer valid meta counts. {@link dev.cairn.bbolt.BoltFile} trusts nothing it reads: damaged
 * bytes are a {@code corrupt} {@link dev.cairn.spi.StorageException} that names the place, within a
 * number of steps that the file's length bounds.
 */
package dev.cairn.bbolt;
