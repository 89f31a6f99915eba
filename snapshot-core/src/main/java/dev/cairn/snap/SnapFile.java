package dev.cairn.snap;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.FileMessages.SnapshotFrame;
import dev.cairn.etcd.proto.RaftMessages;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads and writes {@code .snap} files. Stateless. */
public final class SnapFile {
  /**
   * The longest file that is read. The document of an etcd 3 is some hundred bytes for each member.
   */
  private static final int BYTES_MAX = 64 << 20;

  private SnapFile() {}

  /**
   * The name of a snapshot's file.
   *
   * @param term of the last entry that it holds
   * @param index of that entry
   * @return to be resolved in the directory of snapshots
   */
  public static String name(long term, long index) {
    return "%016x-%016x.snap".formatted(term, index);
  }

  /**
   * Writes a snapshot, durable under its name when this returns. A file of that name is replaced.
   * As etcd's it may be read by others where the umask lets them.
   *
   * @param disk where
   * @param directory an existing directory
   * @param snapshot not changed
   * @return the file
   * @throws StorageException as {@link AtomicFile}; a file of that name is then as it was
   */
  public static Path write(Disk disk, Path directory, RaftSnapshot snapshot) {
    Path path = directory.resolve(name(snapshot.term(), snapshot.index()));
    try (AtomicFile file = AtomicFile.createReadable(disk, path)) {
      file.write(ByteBuffer.wrap(encode(snapshot)));
      file.commit();
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] encode(RaftSnapshot snapshot) {
    byte[] data = SnapshotMessages.encode(snapshot).toByteArray();
    return SnapshotFrame.newBuilder()
        .setCrc(crcOf(ByteBuffer.wrap(data)))
        .setData(SnapshotMessages.wrap(data))
        .build()
        .toByteArray();
  }

  private static int crcOf(ByteBuffer data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return (int) crc.getValue();
  }

  /**
   * Reads a snapshot.
   *
   * @param disk where
   * @param path the file; its name does not matter
   * @return what it holds
   * @throws StorageException {@code corrupt} for an empty file, a wrong CRC and bytes that are no
   *     snapshot; {@code limit} for more than 64 MiB, or a configuration of more than 1 MiB; else
   *     as the disk's calls
   */
  public static RaftSnapshot read(Disk disk, Path path) {
    SnapshotFrame frame = frame(disk, path);
    int crc = crcOf(frame.getData().asReadOnlyByteBuffer());
    if (crc != frame.getCrc()) {
      throw corrupt(
          path,
          "snap: crc mismatch: CRC 0x%08x, but 0x%08x is stored".formatted(crc, frame.getCrc()));
    }
    return snapshot(frame, path);
  }

  /**
   * Reads a snapshot without comparing its CRC: for a person who looks at damage.
   *
   * @param disk where
   * @param path the file; its name does not matter
   * @return what can be read, be it right or wrong
   * @throws StorageException as {@link #read}, but not for a wrong CRC
   */
  public static RaftSnapshot inspect(Disk disk, Path path) {
    return snapshot(frame(disk, path), path);
  }

  private static SnapshotFrame frame(Disk disk, Path path) {
    ByteString bytes = readAll(disk, path);
    SnapshotFrame frame =
        SnapshotMessages.parse(SnapshotFrame.parser(), bytes).orElseThrow(() -> unreadable(path));
    if (frame.getCrc() == 0 || frame.getData().isEmpty()) {
      throw corrupt(path, "snap: empty snapshot: it has no CRC or no data");
    }
    return frame;
  }

  private static RaftSnapshot snapshot(SnapshotFrame frame, Path path) {
    try {
      return SnapshotMessages.parse(RaftMessages.Snapshot.parser(), frame.getData())
          .flatMap(SnapshotMessages::decode)
          .orElseThrow(() -> unreadable(path));
    } catch (StorageException inside) {
      if (inside.file().isPresent()) {
        throw inside;
      }
      throw StorageException.of(inside.code(), path, inside.getMessage(), inside);
    }
  }

  private static ByteString readAll(Disk disk, Path path) {
    try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
      long sizeBytes = file.sizeBytes();
      if (sizeBytes > BYTES_MAX) {
        throw StorageException.of(
            Code.LIMIT, path, "has %d bytes; at most %d are read".formatted(sizeBytes, BYTES_MAX));
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) sizeBytes);
      file.readFully(0, bytes);
      return SnapshotMessages.wrap(bytes.array());
    }
  }

  private static StorageException unreadable(Path path) {
    return corrupt(path, "is no snapshot: the bytes cannot be read as one");
  }

  private static StorageException corrupt(Path path, String what) {
    return StorageException.of(Code.CORRUPT, path, what);
  }
}
