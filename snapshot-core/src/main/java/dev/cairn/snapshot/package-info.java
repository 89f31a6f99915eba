/**
 * Snapshots on their way: streamed, hashed, stored in verified files, looked into, restored and
 * converted. Knows no engine by name; every engine is found on the class path.
 *
 * <p>A <b>snapshot file</b> is an image with its SHA-256 behind it:
 *
 * <pre>
 * file = image hash
 * image  n x 512 bytes: an engine's native image, or an etcd image (a bbolt file)
 * hash   32 bytes: SHA-256 of all bytes before
 * </pre>
 *
 * So a length that leaves 32 when divided by 512 tells a file with a hash from one without. The
 * stream has the same bytes: {@link dev.cairn.snapshot.SnapshotSender} cuts them into chunks,
 * {@link dev.cairn.snapshot.SnapshotReceiver} checks them whatever the cuts.
 */
package dev.cairn.snapshot;
