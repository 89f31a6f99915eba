package dev.cairn.io;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
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
    if (mode.isNew() || (mode == Mode.CREATE && !Files.exists(file))) {
      createFile(file, mode);
    }
    try {
      checkRegular(file);
      return LocalFile.open(file, mode != Mode.READ, locks);
    } catch (IOException e) {
      throw DiskFailures.of(file, "cannot be opened", e);
    }
  }

  @Override
  public DiskFile openUncached(Path file) {
    DiskFile opened = open(file, Mode.READ);
    AsynchronousFileChannel channel = ((LocalFile) opened).openDirect(StandardOpenOption.READ);
    return channel == null ? opened : new UncachedReader((LocalFile) opened, channel);
  }

  /** One look: between two the file may go, and that is another failure. */
  private static void checkRegular(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      String kind = attributes.isDirectory() ? "is a directory, not a file" : "is no regular file";
      throw StorageException.of(Code.IO, file, kind);
    }
  }

  private static void createFile(Path file, Mode mode) {
    try {
      if (mode == Mode.CREATE_NEW_READABLE) {
        Files.createFile(file);
      } else {
        Files.createFile(file, FILE_MODE);
      }
    } catch (FileAlreadyExistsException raced) {
      if (mode.isNew()) {
        throw DiskFailures.of(file, "cannot be made", raced);
      }
    } catch (IOException e) {
      throw DiskFailures.of(file, "cannot be made", e);
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
      throw DiskFailures.of(file, "cannot be looked at", e);
    }
  }

  @Override
  public void rename(Path from, Path to) {
    locks.namesChange().lock();
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw renameFailure(from, to, e);
    } finally {
      locks.namesChange().unlock();
    }
  }

  @Override
  public void renameNew(Path from, Path to) {
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      throw DiskFailures.of(to, "cannot be made", e);
    } catch (UnsupportedOperationException | FileSystemException e) {
      renameUnlessThere(from, to);
      return;
    } catch (IOException e) {
      throw renameFailure(from, to, e);
    }
    delete(from);
  }

  /** Where a file has but one name: look, then rename. */
  private void renameUnlessThere(Path from, Path to) {
    if (exists(to)) {
      throw StorageException.of(Code.EXISTS, to, "exists already");
    }
    rename(from, to);
  }

  private StorageException renameFailure(Path from, Path to, IOException cause) {
    boolean targetless = cause instanceof NoSuchFileException && exists(from);
    return DiskFailures.of(targetless ? to : from, "cannot be renamed to " + to, cause);
  }

  @Override
  public void delete(Path path) {
    locks.namesChange().lock();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw DiskFailures.of(path, "cannot be deleted", e);
    } finally {
      locks.namesChange().unlock();
    }
  }

  @Override
  public List<Path> list(Path directory) {
    try (Stream<Path> names = Files.list(directory)) {
      return names.sorted().collect(Collectors.toUnmodifiableList());
    } catch (UncheckedIOException e) {
      throw DiskFailures.of(directory, "cannot be listed", e.getCause());
    } catch (IOException e) {
      throw DiskFailures.of(directory, "cannot be listed", e);
    }
  }

  @Override
  public void createDirectory(Path directory) {
    try {
      Files.createDirectory(directory, DIRECTORY_MODE);
    } catch (IOException e) {
      throw DiskFailures.of(directory, "cannot be made", e);
    }
  }

  @Override
  public void syncDirectory(Path directory) {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw DiskFailures.ofSync(directory, e);
    }
  }

  @Override
  public DiskLock lock(Path file, boolean shared) {
    try {
      return locks.lock(file, shared);
    } catch (IOException e) {
      throw DiskFailures.of(file, "cannot be locked", e);
    }
  }

  @Override
  public long freeBytes(Path directory) {
    if (!Files.exists(directory)) {
      throw StorageException.of(Code.NOT_FOUND, directory, "no such file or directory");
    }
    return directory.toFile().getUsableSpace();
  }
}
