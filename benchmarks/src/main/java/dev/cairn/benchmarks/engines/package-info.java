/**
 * Each engine, as its users call it, beside its raw library: the same keys and values, durable
 * after every batch, the same buffers and flags. Whoever is measured is a {@link
 * dev.cairn.benchmarks.engines.Contender}.
 *
 * <table>
 * <caption>Contenders</caption>
 * <tr><td>lmdb, h2, mapdb, bbolt</td><td>through {@code Store}</td></tr>
 * <tr><td>lmdb-raw</td><td>lmdbjava with the engine's flags and size of map, and its own buffers
 *     over native memory</td></tr>
 * <tr><td>h2-raw</td><td>MVStore with the engine's settings on MVStore's own file; each batch is
 *     committed and synced</td></tr>
 * <tr><td>mapdb-raw</td><td>MapDB's tree on the engine's journaled volume. It has no views: reads
 *     are of the newest state</td></tr>
 * <tr><td>mapdb-stock</td><td>MapDB's own {@code transactionEnable}, shown by {@link
 *     dev.cairn.benchmarks.engines.Puts} alone. <b>Not crash-safe</b>: a power
 *     cut may leave a half commit, and so it is no measure for the others. No views either</td></tr>
 * <tr><td>rocksdb</td><td>only with {@code -Procksdb}: the log is synced after each batch</td></tr>
 * </table>
 */
package dev.cairn.benchmarks.engines;
