package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Makes a store file of any engine, or an etcd image, out of any store or snapshot file. The source
 * is read to its end before anything is created; the new file is built in a folder {@code
 * .<name>.cairn-convert} beside its place, compared, and then renamed. It never replaces a file,
 * and leaves nothing when it fails.
 */
public final class Convert {
  private final Source source;
  private final StoreFormat format;
  private final ConvertOptions options;
  private final Disk disk;
  private final Path target;
  private final Path folder;
  private final Path part;

  private Convert(Source source, Path target, StoreFormat format, ConvertOptions options) {
    this.source = source;
    this.format = format;
    this.options = options;
    this.disk = source.disk();
    this.target = target.toAbsolutePath();
    this.folder = this.target.resolveSibling("." + this.target.getFileName() + ".cairn-convert");
    this.part = folder.resolve(this.target.getFileName());
  }

  /**
   * Makes a store of an engine.
   *
   * @param from any store or snapshot file
   * @param to the file to make; its directory exists
   * @param engine whose store it becomes
   * @param options how
   * @return both ends
   * @throws StorageException as the other {@code convert}, and as {@link SnapshotFile#inspect}
   */
  public static ConvertResult convert(Path from, Path to, Engine engine, ConvertOptions options) {
    return convert(SnapshotFile.inspect(from), to, StoreFormat.engine(engine), options);
  }

  /**
   * Makes a store of an engine, or an etcd image.
   *
   * @param from any store or snapshot file
   * @param to the file to make, on the same disk; its directory exists
   * @param format what it becomes
   * @param options how
   * @return both ends
   * @throws StorageException {@code exists} for a target that is there; {@code hash-mismatch} or
   *     {@code corrupt} for a damaged source; {@code limit}, naming bucket, key and limit, for
   *     content that the target cannot hold; {@code unsupported}; {@code not-found} without a
   *     directory; {@code full}; {@code io}
   */
  public static ConvertResult convert(
      SnapshotFile from, Path to, StoreFormat format, ConvertOptions options) {
    Source source = new Source(from, options.dropSequences(), options.progress());
    return new Convert(source, to, format, options).run();
  }

  private ConvertResult run() {
    checkTarget();
    if (source.file().hasHash() && !options.skipHashCheck()) {
      source.file().verify();
    }
    Content content = source.examine(format);
    Content built = build();
    return new ConvertResult(
        source.file().path(),
        source.file().format(),
        content.hash(),
        target,
        format.name(),
        built.hash(),
        built.entries());
  }

  private void checkTarget() {
    if (options.appendHash() && !format.name().equals(EtcdFormat.NAME)) {
      throw StorageException.of(
          Code.UNSUPPORTED, target, "only an etcd image gets a hash behind it; save a snapshot");
    }
    if (!disk.isDirectory(target.getParent())) {
      throw StorageException.of(
          Code.NOT_FOUND, target.getParent(), "no such directory; make it first");
    }
    if (disk.exists(target)) {
      throw StorageException.of(Code.EXISTS, target, "exists already; name another file");
    }
  }

  /** In a folder of its own, so that whatever an engine leaves beside its file goes with it. */
  private Content build() {
    Directories.deleteTree(disk, folder);
    try {
      disk.createDirectory(folder);
      format.builder().build(source, part);
      Content built = read();
      source.checkSame(built, format.name());
      if (options.appendHash()) {
        appendHash();
      }
      disk.renameNew(part, target);
      disk.syncDirectory(target.getParent());
      return built;
    } finally {
      Closing.quietly(() -> Directories.deleteTree(disk, folder), "taking " + folder + " away");
    }
  }

  private Content read() {
    try (ReadView view = format.builder().openView(disk, part)) {
      return Content.of(view, format.builder().limits(), format.name());
    }
  }

  private void appendHash() {
    long imageBytes = disk.sizeBytes(part);
    byte[] hash = Sha256.ofImage(disk, part, imageBytes, Progress.NONE);
    try (DiskFile file = disk.open(part, Disk.Mode.READ_WRITE)) {
      file.write(imageBytes, ByteBuffer.wrap(hash));
      file.sync();
    }
  }
}
