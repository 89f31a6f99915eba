/**
 * The only place of Cairn that touches files (LMDB alone does its own I/O, below its engine).
 *
 * <p>{@link dev.cairn.io.Disk} is the seam: {@link dev.cairn.io.LocalDisk} is the real one, and the
 * testkit's simulated disk yields every state that a power cut may leave. {@link
 * dev.cairn.io.AtomicFile} is how a whole file appears at once.
 *
 * <p>Interrupts: an interrupted thread closes any {@code FileChannel} it is using, and a closed
 * descriptor drops every POSIX lock of its file in the process. So reads and writes go through
 * {@code RandomAccessFile}, whose plain methods ignore interrupts, and syncs and locks through
 * {@code AsynchronousFileChannel}, which does too.
 */
package dev.cairn.io;
