package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.function.Executable;

/** What one test works with: an engine, a directory, and the backends it left open. */
final class Bench {
  private static final Disk DISK = LocalDisk.INSTANCE;

  private final Engine engine;
  private final BackendConfig config;
  private final Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  Bench(Engine engine, BackendConfig config, Path directory) {
    this.engine = engine;
    this.config = config;
    this.directory = directory;
  }

  Engine engine() {
    return engine;
  }

  BackendConfig config() {
    return config;
  }

  Path directory() {
    return directory;
  }

  /** Where the test's store is, or may come to be. */
  Path store() {
    return directory.resolve("db");
  }

  Backend open() {
    return open(store(), config);
  }

  Backend open(Path store, BackendConfig with) {
    return closeAtEnd(engine.open(store, with));
  }

  ReadView openImage(Path image) {
    return closeAtEnd(engine.openImage(image, DISK.sizeBytes(image)));
  }

  <T extends AutoCloseable> T closeAtEnd(T handle) {
    open.add(handle);
    return handle;
  }

  /** All that a backend holds now. */
  static Model content(Backend backend) {
    try (ReadView view = backend.openView()) {
      return Model.of(view);
    }
  }

  static void assertSame(Model expected, Model actual) {
    assertNull(expected.difference(actual), "expected against actual");
  }

  /** Expects a failure with one of these codes and a message of one line. */
  static StorageException assertCode(Executable call, Code first, Code... others) {
    StorageException thrown = assertThrows(StorageException.class, call);
    EnumSet<Code> expected = EnumSet.of(first, others);
    assertTrue(expected.contains(thrown.code()), () -> expected + " against " + thrown.code());
    assertTrue(thrown.getMessage().lines().count() == 1, thrown::getMessage);
    return thrown;
  }

  /** Writes a file that is not there. */
  Path write(String name, byte[] bytes) {
    Path path = directory.resolve(name);
    try (DiskFile file = DISK.open(path, Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(bytes));
    }
    return path;
  }

  static byte[] read(Path path) {
    try (DiskFile file = DISK.open(path, Disk.Mode.READ)) {
      byte[] bytes = new byte[Math.toIntExact(file.sizeBytes())];
      file.readFully(0, ByteBuffer.wrap(bytes));
      return bytes;
    }
  }

  /** The whole image of a snapshot, in a file that is not there yet. */
  Path image(Backend backend, String name) throws IOException {
    try (Snapshot snapshot = backend.snapshot()) {
      Sinks.Memory bytes = new Sinks.Memory();
      snapshot.writeTo(bytes);
      return write(name, bytes.toByteArray());
    }
  }

  /** Every name in the directory with what is in it; only while nothing is open. */
  Map<Path, Integer> fingerprint() {
    Map<Path, Integer> hashes = new TreeMap<>();
    for (Path path : DISK.list(directory)) {
      hashes.put(path, DISK.isDirectory(path) ? 0 : Arrays.hashCode(read(path)));
    }
    return hashes;
  }

  void closeAll() throws Exception {
    for (AutoCloseable handle : open) {
      handle.close();
    }
  }
}
