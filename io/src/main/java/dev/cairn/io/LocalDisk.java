package dev.cairn.io;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of this machine. */
public final class LocalDisk implements Disk {
  /** The one there is: locks are a matter of the whole process. */
  public static final LocalDisk INSTANCE = new LocalDisk();

  private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final LockRegistry locks = new LockRegistry();

  private LocalDisk() {}

  @Override
  public DiskFile open(Path file, Mode mode) {
    try {
      if (mode == Mode.CREATE_NEW || (mode == Mode.CREATE && !Files.exists(file))) {
        createFile(file, mode);
      }
      if (Files.isDirectory(file)) {
        throw StorageException.of(Code.IO, file, "is a directory, not a file");
      }
      return mode == Mode.READ ? LocalFile.toRead(file, locks) : LocalFile.toWrite(file, locks);
    } catch (IOException e) {
      throw failure(file, "cannot be opened", e);
    }
  }

  private static void createFile(Path file, Mode mode) throws IOException {
    try {
      Files.createFile(file, FILE_MODE);
    } catch (FileAlreadyExistsException raced) {
      if (mode == Mode.CREATE_NEW) {
        throw raced;
      }
    }
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public boolean isDirectory(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public long sizeBytes(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw failure(file, "cannot be looked at", e);
    }
  }

  @Override
  public void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(from, "cannot be renamed to " + to, e);
    }
  }

  @Override
  public void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failure(path, "cannot be deleted", e);
    }
  }

  @Override
  public List<Path> list(Path directory) {
    try (Stream<Path> names = Files.list(directory)) {
      return names.sorted().collect(Collectors.toUnmodifiableList());
    } catch (IOException e) {
      throw failure(directory, "cannot be listed", e);
    }
  }

  @Override
  public void createDirectory(Path directory) {
    try {
      Files.createDirectory(directory, DIRECTORY_MODE);
    } catch (IOException e) {
      throw failure(directory, "cannot be made", e);
    }
  }

  @Override
  public void syncDirectory(Path directory) {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw failure(directory, "cannot be synced", e);
    }
  }

  @Override
  public DiskLock lock(Path file, boolean shared) {
    try {
      return locks.lock(file, shared);
    } catch (IOException e) {
      throw failure(file, "cannot be locked", e);
    }
  }

  @Override
  public long freeBytes(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw failure(directory, "cannot tell its free space", e);
    }
  }

  static StorageException failure(Path file, String what, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return StorageException.of(Code.NOT_FOUND, file, "no such file or directory", cause);
    }
    if (cause instanceof FileAlreadyExistsException) {
      return StorageException.of(Code.EXISTS, file, "exists already", cause);
    }
    if (cause instanceof DirectoryNotEmptyException) {
      return StorageException.of(Code.EXISTS, file, what + ": it is not empty", cause);
    }
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("No space left on device") || reason.contains("Disk quota exceeded")) {
      return StorageException.of(Code.FULL, file, what + ": no space left on the device", cause);
    }
    return StorageException.of(Code.IO, file, what + ": " + reason, cause);
  }
}
