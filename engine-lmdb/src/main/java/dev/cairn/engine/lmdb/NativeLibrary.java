package dev.cairn.engine.lmdb;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import org.lmdbjava.Env;
import org.lmdbjava.Meta;

/** Loads LMDB. */
final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Loads it, the first time. lmdbjava looks for it by the thread's class loader, which need not be
   * one that knows it, and does not try again when that failed.
   *
   * @return its version
   * @throws StorageException {@code unsupported} when there is none for this system
   */
  static String load() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(Env.class.getClassLoader());
    try {
      Meta.Version version = Meta.version();
      return version.major + "." + version.minor + "." + version.patch;
    } catch (RuntimeException | LinkageError e) {
      throw StorageException.of(
          Code.UNSUPPORTED, "LMDB's native library cannot be loaded on this system: " + e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
