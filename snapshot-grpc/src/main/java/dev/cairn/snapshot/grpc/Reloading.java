package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is made of a few small files, made anew when their bytes are others. They are compared whole
 * when the value is asked for: that needs no thread, and sees what a time stamp hides. Files that
 * are no good any more leave the value as it was, and are logged once. Thread-safe.
 */
final class Reloading<T> {
  /** Makes the value of what is in the files, in their order. */
  interface Maker<T> {
    T make(List<byte[]> contents);
  }

  private static final System.Logger LOG = System.getLogger(Reloading.class.getName());

  private final List<Path> files;
  private final Maker<T> maker;
  private List<ByteBuffer> seen;
  private String complaint;
  private T value;

  /**
   * Reads the files for the first time.
   *
   * @throws StorageException what reading them or making the value throws
   */
  Reloading(List<Path> files, Maker<T> maker) {
    this.files = files;
    this.maker = maker;
    reload();
  }

  /** The value of the files as they are now, or as they were when they were last good. */
  synchronized T current() {
    try {
      if (reload()) {
        LOG.log(Level.INFO, "{0} changed and is in use now", files.get(0));
      }
      complaint = null;
    } catch (StorageException e) {
      complain(e.getMessage());
    }
    return value;
  }

  /** Says once what is wrong, however often somebody asks. */
  private void complain(String wrong) {
    if (!wrong.equals(complaint)) {
      LOG.log(Level.WARNING, "{0}; what was read before stays in use", wrong);
      complaint = wrong;
    }
  }

  private boolean reload() {
    List<byte[]> contents = new ArrayList<>();
    List<ByteBuffer> found = new ArrayList<>();
    for (Path file : files) {
      byte[] content = SmallFile.bytes(file);
      contents.add(content);
      found.add(ByteBuffer.wrap(content));
    }
    if (found.equals(seen)) {
      return false;
    }
    value = maker.make(contents);
    seen = found;
    return true;
  }
}
