package dev.cairn.io;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The locks of this process, by file key (device and inode), not by path.
 *
 * <p>POSIX drops a process's locks on a file when <em>any</em> of its descriptors of that file is
 * closed. So a descriptor of a locked file is not closed when its owner is done with it, but kept
 * here until the lock goes; meanwhile it serves the next opener, so that they do not pile up.
 */
final class LockRegistry {
  private static final System.Logger LOG = System.getLogger(LockRegistry.class.getName());

  /** A locked file: how many hold it, and what must not be closed before the last lets go. */
  private static final class Locked {
    private final AsynchronousFileChannel channel;
    private final boolean shared;
    private final List<Closeable> toClose = new ArrayList<>();
    private final Deque<LocalDescriptor> idleReaders = new ArrayDeque<>();
    private final Deque<LocalDescriptor> idleWriters = new ArrayDeque<>();
    private int holders = 1;

    Locked(AsynchronousFileChannel channel, boolean shared) {
      this.channel = channel;
      this.shared = shared;
    }

    Deque<LocalDescriptor> idle(boolean writable) {
      return writable ? idleWriters : idleReaders;
    }
  }

  private final Map<Object, Locked> byKey = new HashMap<>();
  private final ReentrantReadWriteLock names = new ReentrantReadWriteLock();

  /**
   * Channels to files that another library in this process has locked: closing one would drop that
   * library's lock, so it is kept for the next try. At most two for each such file.
   */
  private final Map<Attempt, AsynchronousFileChannel> lockedElsewhere = new HashMap<>();

  private record Attempt(Object key, boolean shared) {}

  static Object fileKey(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file.toRealPath() : key;
  }

  /** Held while a path is turned into a descriptor, so that its file key is that of the path. */
  Lock namesStay() {
    return names.readLock();
  }

  /** Held while this process gives a name to another file. */
  Lock namesChange() {
    return names.writeLock();
  }

  /** Locks what the path names once the lock is held; a file replaced meanwhile does not count. */
  DiskLock lock(Path file, boolean shared) throws IOException {
    namesStay().lock();
    try {
      return lockNamed(file, shared);
    } finally {
      namesStay().unlock();
    }
  }

  private synchronized DiskLock lockNamed(Path file, boolean shared) throws IOException {
    while (true) {
      Object key = fileKey(file);
      Locked held = byKey.get(key);
      if (held != null) {
        return join(held, file, key, shared);
      }
      AsynchronousFileChannel channel = lockedChannel(file, key, shared);
      if (stillNames(file, key, channel)) {
        return first(file, key, channel, shared);
      }
      closeNow(channel);
    }
  }

  private DiskLock first(Path file, Object key, AsynchronousFileChannel channel, boolean shared) {
    Locked locked = new Locked(channel, shared);
    AsynchronousFileChannel other = lockedElsewhere.remove(new Attempt(key, !shared));
    if (other != null) {
      locked.toClose.add(other);
    }
    byKey.put(key, locked);
    return new Held(file, key);
  }

  private DiskLock join(Locked held, Path file, Object key, boolean shared) {
    if (!shared || !held.shared) {
      throw StorageException.of(
          Code.LOCKED, file, "is open in this process already; close it there first");
    }
    held.holders++;
    return new Held(file, key);
  }

  private static boolean stillNames(Path file, Object key, Closeable channel) throws IOException {
    try {
      return key.equals(fileKey(file));
    } catch (IOException gone) {
      closeNow(channel);
      throw gone;
    }
  }

  private AsynchronousFileChannel lockedChannel(Path file, Object key, boolean shared)
      throws IOException {
    AsynchronousFileChannel channel = lockedElsewhere.remove(new Attempt(key, shared));
    if (channel == null) {
      channel =
          AsynchronousFileChannel.open(
              file, shared ? StandardOpenOption.READ : StandardOpenOption.WRITE);
    }
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      lockedElsewhere.put(new Attempt(key, shared), channel);
      throw StorageException.of(Code.LOCKED, file, "is locked by another part of this process", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw StorageException.of(
        Code.LOCKED, file, "is in use by another process; stop that one first");
  }

  /** A descriptor that an earlier opener of this locked file left, or null. */
  synchronized LocalDescriptor takeIdle(Object key, boolean writable) {
    Locked held = byKey.get(key);
    return held == null ? null : held.idle(writable).poll();
  }

  /** Takes a descriptor whose owner is done with it: closes it, or keeps it while a lock is on. */
  synchronized void retire(Object key, LocalDescriptor descriptor) {
    Locked held = byKey.get(key);
    if (held != null) {
      held.idle(descriptor.isWritable()).push(descriptor);
    } else {
      closeNow(descriptor);
    }
  }

  /** Closes a descriptor of a file, now or when the lock on that file goes. */
  synchronized void close(Object key, Closeable descriptor) {
    Locked held = byKey.get(key);
    if (held != null) {
      held.toClose.add(descriptor);
    } else {
      closeNow(descriptor);
    }
  }

  /** Closes a descriptor that may be of the one file or of the other. */
  void closeEither(Object key, Object otherKey, Closeable descriptor) {
    close(key, () -> close(otherKey, descriptor));
  }

  private void release(Object key) {
    Locked held = byKey.get(key);
    held.holders--;
    if (held.holders == 0) {
      byKey.remove(key);
      held.toClose.forEach(LockRegistry::closeNow);
      held.idleReaders.forEach(LockRegistry::closeNow);
      held.idleWriters.forEach(LockRegistry::closeNow);
      closeNow(held.channel);
    }
  }

  private static void closeNow(Closeable descriptor) {
    try {
      descriptor.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a descriptor could not be closed", e);
    }
  }

  private final class Held implements DiskLock {
    private final Path file;
    private final Object key;
    private boolean held = true;

    Held(Path file, Object key) {
      this.file = file;
      this.key = key;
    }

    @Override
    public Path path() {
      return file;
    }

    @Override
    public void close() {
      synchronized (LockRegistry.this) {
        if (held) {
          held = false;
          release(key);
        }
      }
    }
  }
}
