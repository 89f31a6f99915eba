package dev.cairn.snapshot;

import dev.cairn.bbolt.BoltFile;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tells from its bytes what a file is. */
final class Recognition {
  /** What people hand over instead of the file that is inside. */
  private static final Map<String, String> PACKED =
      new TreeMap<>(
          Map.of(
              "1f8b", "gzip",
              "504b0304", "zip",
              "28b52ffd", "zstd",
              "fd377a585a00", "xz",
              "425a68", "bzip2",
              "04224d18", "lz4"));

  private static final int HEAD_BYTES = 6;

  private Recognition() {}

  /** The format of a file, its hash left out; {@code corrupt} when it is none that is known. */
  static ImageFormat of(Disk disk, Path file, DiskFile open, long contentBytes, boolean hasHash) {
    HeadReader image = new ImagePart(open, contentBytes);
    if (BoltFile.recognizes(image)) {
      return new EtcdFormat(disk, file, contentBytes);
    }
    return engine(file, image)
        .<ImageFormat>map(engine -> new EngineFormat(engine, file, contentBytes, hasHash))
        .orElseThrow(() -> unknown(file, image));
  }

  private static Optional<Engine> engine(Path file, HeadReader image) {
    try {
      return Engines.recognizing(image);
    } catch (StorageException e) {
      throw e.file().isPresent() ? e : StorageException.of(e.code(), file, e.getMessage(), e);
    }
  }

  private static StorageException unknown(Path file, HeadReader image) {
    if (image.sizeBytes() == 0) {
      return StorageException.of(Code.CORRUPT, file, "is empty; save the snapshot again");
    }
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    image.read(0, head);
    String hex = HexFormat.of().formatHex(Arrays.copyOf(head.array(), head.position()));
    for (Map.Entry<String, String> packer : PACKED.entrySet()) {
      if (hex.startsWith(packer.getKey())) {
        return StorageException.of(
            Code.CORRUPT, file, "is packed with " + packer.getValue() + "; unpack it first");
      }
    }
    String engines =
        Engines.all().stream()
            .map(engine -> engine.info().name())
            .collect(Collectors.joining(", "));
    return StorageException.of(
        Code.CORRUPT,
        file,
        "is neither an etcd snapshot nor a file of an engine on the class path (%s)"
            .formatted(engines.isEmpty() ? "none" : engines));
  }

  /** A file without what lies behind its image, so that an engine may look from the end too. */
  private static final class ImagePart implements HeadReader {
    private final HeadReader file;
    private final long sizeBytes;

    ImagePart(HeadReader file, long sizeBytes) {
      this.file = file;
      this.sizeBytes = sizeBytes;
    }

    @Override
    public long sizeBytes() {
      return sizeBytes;
    }

    @Override
    public int read(long offsetBytes, ByteBuffer into) {
      int limit = into.limit();
      long left = Math.max(0, sizeBytes - offsetBytes);
      into.limit(into.position() + (int) Math.min(into.remaining(), left));
      try {
        return file.read(offsetBytes, into);
      } finally {
        into.limit(limit);
      }
    }
  }
}
