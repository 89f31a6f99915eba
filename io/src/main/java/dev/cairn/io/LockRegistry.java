package dev.cairn.io;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
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

/**
 * The locks of this process, by file key (device and inode), not by path.
 *
 * <p>POSIX drops a process's locks on a file when <em>any</em> of its descriptors of that file is
 * closed. So a descriptor of a locked file is not closed when its owner is done with it, but kept
 * here until the lock goes.
 */
final class LockRegistry {
  private static final System.Logger LOG = System.getLogger(LockRegistry.class.getName());

  /** A locked file: how many hold it, and what must not be closed before the last lets go. */
  private static final class Locked {
    private final AsynchronousFileChannel channel;
    private final boolean shared;
    private final List<Closeable> toClose = new ArrayList<>();
    private final Deque<RandomAccessFile> idleReaders = new ArrayDeque<>();
    private int holders = 1;

    Locked(AsynchronousFileChannel channel, boolean shared) {
      this.channel = channel;
      this.shared = shared;
    }
  }

  private final Map<Object, Locked> byKey = new HashMap<>();

  static Object fileKey(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file.toRealPath() : key;
  }

  synchronized DiskLock lock(Path file, boolean shared) throws IOException {
    Object key = fileKey(file);
    Locked held = byKey.get(key);
    if (held != null) {
      if (!shared || !held.shared) {
        throw StorageException.of(
            Code.LOCKED, file, "is open in this process already; close it there first");
      }
      held.holders++;
      return new Held(file, key);
    }
    byKey.put(key, new Locked(lockedChannel(file, shared), shared));
    return new Held(file, key);
  }

  private static AsynchronousFileChannel lockedChannel(Path file, boolean shared)
      throws IOException {
    AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(
            file, shared ? StandardOpenOption.READ : StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw StorageException.of(Code.LOCKED, file, "is locked by another part of this process", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw StorageException.of(
        Code.LOCKED, file, "is in use by another process; stop that one first");
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

  /** As {@link #close}, but a reading descriptor that must stay open serves the next reader. */
  synchronized void closeReader(Object key, RandomAccessFile descriptor) {
    Locked held = byKey.get(key);
    if (held != null) {
      held.idleReaders.push(descriptor);
    } else {
      closeNow(descriptor);
    }
  }

  /** A reading descriptor that an earlier reader of this locked file left, or null. */
  synchronized RandomAccessFile takeIdleReader(Object key) {
    Locked held = byKey.get(key);
    return held == null ? null : held.idleReaders.poll();
  }

  private synchronized void release(Object key) {
    Locked held = byKey.get(key);
    held.holders--;
    if (held.holders == 0) {
      byKey.remove(key);
      held.toClose.forEach(LockRegistry::closeNow);
      held.idleReaders.forEach(LockRegistry::closeNow);
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
