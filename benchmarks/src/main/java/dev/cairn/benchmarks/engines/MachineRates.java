package dev.cairn.benchmarks.engines;

import dev.cairn.benchmarks.WorkFolder;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What any image could be compared with: as many bytes as the keys and values of {@link Images},
 * hashed, and copied from file to file through the page cache.
 */
@State(Scope.Benchmark)
public class MachineRates {
  private static final Disk DISK = LocalDisk.INSTANCE;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int BLOCK_BYTES = 1 << 14;
  private static final long WARM_UP_NANOS = 2_000_000_000;

  /** As in the images. */
  @Param("30000")
  public int keys;

  /** As in the larger images; a rate does not depend on it. */
  @Param("1000")
  public int valueBytes;

  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
  private WorkFolder folder;
  private DiskFile from;
  private DiskFile to;
  private byte[] content;

  /** Writes a file. */
  @Setup(Level.Trial)
  public void write() {
    folder = new WorkFolder();
    content = new byte[keys * (16 + valueBytes)];
    new SplittableRandom(1).nextBytes(content);
    from = DISK.open(folder.resolve("from"), Disk.Mode.CREATE_NEW);
    from.write(0, ByteBuffer.wrap(content));
    to = DISK.open(folder.resolve("to"), Disk.Mode.CREATE_NEW);
  }

  /** A digest that is not compiled yet is ten times slower, and a bound must not be too low. */
  @Setup(Level.Trial)
  public void compileDigest() throws NoSuchAlgorithmException {
    long endNanos = System.nanoTime() + WARM_UP_NANOS;
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    while (System.nanoTime() < endNanos) {
      digest.update(chunk.array(), 0, BLOCK_BYTES);
    }
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() {
    from.close();
    to.close();
    folder.close();
  }

  /** SHA-256 of bytes in the heap, a chunk at a time. */
  @Benchmark
  public byte[] sha256(Moved moved) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int at = 0; at < content.length; at += CHUNK_BYTES) {
      digest.update(content, at, Math.min(CHUNK_BYTES, content.length - at));
    }
    moved.bytes += content.length;
    return digest.digest();
  }

  /** Read and written a chunk at a time, not synced. */
  @Benchmark
  public void fileCopy(Moved moved) {
    to.setLength(0);
    for (int at = 0; at < content.length; at += CHUNK_BYTES) {
      chunk.clear().limit(Math.min(CHUNK_BYTES, content.length - at));
      from.readFully(at, chunk);
      to.write(at, chunk.flip());
    }
    moved.bytes += content.length;
  }
}
